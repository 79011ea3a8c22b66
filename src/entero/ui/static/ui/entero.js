/* Optional: every page works without this file. It only leaves faster and copies text. */
(function () {
  "use strict";
  var root = document.documentElement;
  var exit = document.querySelector("[data-exit]");
  var KEY = "discreet";

  function store(action) {
    try { return action(window.sessionStorage); } catch (blocked) { return null; }
  }

  /* Discreet mode lives in this tab alone: one history entry, a neutral title. Closing the tab ends it. */
  if (location.hash === "#discreet") {
    store(function (tab) { tab.setItem(KEY, "1"); });
    history.replaceState(null, "", location.pathname + location.search);
  }
  var discreet = store(function (tab) { return tab.getItem(KEY); }) === "1";
  if (discreet) document.title = root.dataset.neutral || "…";

  function leave() {
    var blank = document.createElement("div");
    var words = document.createElement("p");
    blank.className = "blank";
    blank.setAttribute("role", "alert");
    words.textContent = exit.dataset.leaving;
    blank.append(words);
    document.body.append(blank);
    document.title = root.dataset.neutral || "…";
    store(function (tab) { tab.clear(); });
    location.replace(exit.href);
  }

  window.addEventListener("pageshow", function () {
    document.querySelectorAll(".blank").forEach(function (blank) { blank.remove(); });
  });

  /* Shift three times within five seconds; Shift held with another key is writing, not leaving. */
  var presses = [];
  var alone = false;
  document.addEventListener("keydown", function (event) {
    alone = event.key === "Shift" && !event.repeat;
    if (!alone && event.key !== "Shift") presses = [];
  });
  document.addEventListener("keyup", function (event) {
    if (event.key !== "Shift" || !alone || !exit) return;
    alone = false;
    presses = presses.filter(function (then) { return event.timeStamp - then < 5000; });
    presses.push(event.timeStamp);
    if (presses.length > 2) leave();
  });

  function ours(link) {
    return link.origin === location.origin && !link.target && !link.hasAttribute("download");
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (exit && link.href === exit.href) { event.preventDefault(); leave(); return; }
    var here = link.hash && link.href.split("#")[0] === location.href.split("#")[0];
    if (discreet && ours(link) && !here) { event.preventDefault(); location.replace(link.href); }
  });

  /* A form makes a history entry of its own, so in discreet mode its answer replaces this page. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    var by = event.submitter;
    if (!discreet || !by || event.defaultPrevented) return;
    var url = new URL(by.getAttribute("formaction") || form.action, location.href);
    if (url.origin !== location.origin || form.enctype === "multipart/form-data") return;
    event.preventDefault();
    var data = new URLSearchParams(new FormData(form));
    if (by.name) data.append(by.name, by.value);
    if (form.method !== "post") { url.search = data; location.replace(url); return; }
    fetch(url, { method: "POST", body: data }).then(function (answer) {
      return answer.text().then(function (page) {
        history.replaceState(null, "", answer.url);
        document.open();
        document.write(page);
        document.close();
        window.scrollTo(0, 0);
      });
    }, function () { form.submit(); });
  });

  document.querySelectorAll("[data-without-script]").forEach(function (words) { words.hidden = true; });
  document.querySelectorAll("[data-copy], [data-print], [data-discreet]").forEach(function (button) {
    button.hidden = false;
    if (discreet && button.hasAttribute("data-discreet")) {
      button.replaceWith(button.dataset.on);
      return;
    }
    button.addEventListener("click", function () {
      if (button.hasAttribute("data-print")) { window.print(); return; }
      if (button.hasAttribute("data-discreet")) { location.replace("#discreet"); location.reload(); return; }
      var text = document.querySelector(button.dataset.copy);
      navigator.clipboard.writeText(text.innerText.trim()).then(function () {
        button.textContent = button.dataset.done;
      });
    });
  });
})();
