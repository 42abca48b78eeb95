"use strict";
// Read by Datasette's table.js: the menu of a column offers to facet by it.
var DATASETTE_ALLOW_FACET = true;
