/** What an operator can set: a record for each component, read from flags, environment and YAML. */
@NullMarked
package org.symbolon.config;

import org.jspecify.annotations.NullMarked;
