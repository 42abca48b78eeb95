"use strict";
// A click beside an open menu closes it.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.actions-menu-links[open], details.nav-menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
