"use strict";
// Asks for this very address again, now from a page of its own site. The entry is renamed first, for an address with
// a fragment would otherwise only be scrolled to. There is no parameter, so nobody can be sent elsewhere.
const own = new URL(document.currentScript.src).pathname.replace(/\.js$/, "");
if (location.pathname !== own) {
  const address = location.href;
  history.replaceState(null, "", own);
  location.replace(address);
}
