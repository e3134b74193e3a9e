/* Sent by `alsoread serve` with every page: loads the page again when a build has changed it, where the reader was,
   and shows what the last build found wrong. It is in no file of the site. */
(() => {
  "use strict";
  const { page, seen } = document.currentScript.dataset;
  const FRAGMENT = "alsoread-fragment", CLOSED = "alsoread-closed";
  const RETRY = 1000;

  function recall(name) {
    try { return sessionStorage.getItem(name); } catch { return null; }
  }

  function remember(name, value) {
    try { sessionStorage.setItem(name, value); } catch { /* nothing hangs on it */ }
  }

  // -- where the reader was: browsers keep the place by themselves, unless the address leads them to a fragment

  function loadAgain() {
    remember(FRAGMENT, location.hash);
    history.replaceState(history.state, "", location.pathname + location.search);
    location.reload();
  }

  function restoreFragment() {
    const fragment = recall(FRAGMENT);
    remember(FRAGMENT, "");
    if (fragment && !location.hash) history.replaceState(history.state, "", fragment);
  }

  // -- what is wrong

  let host = null, shown = "";

  function show(event) {
    const { id, html } = JSON.parse(event.data);
    if (id === shown) return;
    shown = id;
    if (!html || recall(CLOSED) === id) {
      close();
      return;
    }
    if (!host) {
      host = document.createElement("alsoread-preview");
      host.attachShadow({ mode: "open" });
    }
    document.body.append(host);
    host.shadowRoot.innerHTML = html;
    const button = host.shadowRoot.querySelector("button");
    if (button) button.addEventListener("click", dismiss);
  }

  function close() {
    if (host) host.remove();
  }

  function dismiss() {
    remember(CLOSED, shown);
    close();
  }

  addEventListener("keydown", event => {
    if (event.key === "Escape" && host && host.isConnected && host.shadowRoot.querySelector("button")) dismiss();
  });

  // -- what the server says

  let source = null;

  // a browser has six connections to a server: tabs that nobody sees give theirs back, and ask when they are seen again
  function listen() {
    if (document.hidden) {
      if (source) source.close();
      source = null;
    } else if (!source) {
      source = new EventSource("/.alsoread/events?" + new URLSearchParams({ page, seen }));
      source.addEventListener("reload", loadAgain);
      source.addEventListener("state", show);
      source.addEventListener("error", again);
    }
  }

  function again() {
    // otherwise the browser tries again by itself
    if (source && source.readyState === EventSource.CLOSED) {
      source = null;
      setTimeout(listen, RETRY);
    }
  }

  document.addEventListener("visibilitychange", listen);
  if (document.readyState === "complete") restoreFragment();
  else addEventListener("load", restoreFragment, { once: true });
  listen();
})();
