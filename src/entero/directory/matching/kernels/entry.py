"""The one function that is called from outside: it takes two addresses, so that any caller can use it."""

from numba import cfunc, from_dtype, njit, types
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array

from entero.directory.matching.kernels.layout import OPTIONS, Ground
from entero.directory.matching.kernels.shape import AT, GROUND
from entero.directory.matching.kernels.walk import top

ROOM = AT[-1]
TABLE = 3 * len(GROUND)
"""An index is a table of addresses: for each array where it lies, and its length in two directions."""


def array_reader(dtype, dimensions):
    """Return a compiled function that takes an address and two lengths, and returns the array there."""
    array_type = types.Array(from_dtype(dtype), dimensions, "C")
    width = dtype.itemsize

    @intrinsic
    def read(_typing, _address, _first, _second):
        def codegen(context, builder, _signature, arguments):
            address, first, second = arguments
            array = context.make_array(array_type)(context, builder)
            data_type = context.get_data_type(array_type.dtype).as_pointer()
            itemsize = context.get_constant(types.intp, width)
            populate_array(
                array,
                data=builder.inttoptr(address, data_type),
                shape=[first, second][:dimensions],
                strides=[itemsize] if dimensions == 1 else [builder.mul(second, itemsize), itemsize],
                itemsize=itemsize,
                meminfo=None,
            )
            return array._getvalue()  # noqa: SLF001

        return array_type(types.int64, types.int64, types.int64), codegen

    return read


records_at = array_reader(*GROUND["records"])
words_at = array_reader(*GROUND["more_facets"])
bitmaps_at = array_reader(*GROUND["bitmaps"])
ages_at = array_reader(*GROUND["age_bitmap"])
slots_at = array_reader(*GROUND["schedule_open"])
posts_at = array_reader(*GROUND["posts"])
numbers_at = array_reader(*GROUND["pointers"])
tables_at = array_reader(*GROUND["lines"])


@njit(**OPTIONS)
def ground_at(table):
    """Return the arrays of an index, in the order of ``Ground``."""
    return Ground(
        records_at(table[0], table[1], table[2]),
        words_at(table[3], table[4], table[5]),
        bitmaps_at(table[6], table[7], table[8]),
        words_at(table[9], table[10], table[11]),
        ages_at(table[12], table[13], table[14]),
        slots_at(table[15], table[16], table[17]),
        posts_at(table[18], table[19], table[20]),
        numbers_at(table[21], table[22], table[23]),
        tables_at(table[24], table[25], table[26]),
        tables_at(table[27], table[28], table[29]),
        numbers_at(table[30], table[31], table[32]),
    )


def _search(table, room):
    """Search the index of a table for the query in a room; see ``walk.top``."""
    return top(ground_at(words_at(table, TABLE, 0)), words_at(room, ROOM, 0))


def compile_search():
    """Return the compiled search, as numba keeps it."""
    return cfunc(types.int64(types.int64, types.int64), **OPTIONS)(_search)


def machine_code(search):
    """Return the name and the machine code of the compiled search, or None where numba does not tell."""
    try:
        return search._wrapper_name, search._library._get_compiled_object()  # noqa: SLF001
    except (AttributeError, RuntimeError):
        return None
