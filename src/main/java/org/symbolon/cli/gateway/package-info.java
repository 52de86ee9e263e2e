/** Commands about the gateways in front of applications: print a recipe, prove one that runs. */
@NullMarked
package org.symbolon.cli.gateway;

import org.jspecify.annotations.NullMarked;
