#!/bin/sh
# Links a Java runtime of the modules that the service needs.
#
#   src/build/jlink.sh link  OUTPUT    makes the runtime in a folder that does not exist yet
#   src/build/jlink.sh check JAR LIB   fails where the jars need a module that is neither linked nor known
#                                      to be needless
#
# The JDK is JAVA_HOME's, else that of the jlink on the path; it has to be 25.
set -eu

# java.naming      logback and Netty refer to it
# java.net.http    the health probe; key sets of issuers
# java.xml         logback's configuration
# java.management, jdk.management   metrics of memory and collections
# jdk.jfr          Netty, Lettuce, and operators who record
# jdk.net          Lettuce, for the keep-alive of its connections; by reflection, so jdeps does not see it
# jdk.unsupported  sun.misc.Unsafe, for Netty's buffers
MODULES=java.base,java.logging,java.management,java.naming,java.net.http,java.xml,jdk.jfr,jdk.management,jdk.net,jdk.unsupported

# java.compiler  Vert.x, for verticles that come as source; annotations of Error Prone
# java.desktop   Jackson, for annotations of java.beans; Micrometer, for Log4j
# java.sql       Jackson and Nimbus, for values of java.sql; both look whether it is there
NEEDLESS=java.compiler,java.desktop,java.sql

fail() {
  echo "jlink.sh: $1" >&2
  exit 1
}

tool() {
  if [ -n "${JAVA_HOME:-}" ]; then
    tool=$JAVA_HOME/bin/$1
  else
    tool=$(command -v "$1") || fail "no $1 on the path; mend: set JAVA_HOME to a JDK 25"
  fi
  case $("$tool" --version) in
    25*) echo "$tool" ;;
    *) fail "$tool is not of JDK 25; mend: set JAVA_HOME to one" ;;
  esac
}

link() {
  [ ! -e "$1" ] || fail "$1 exists; mend: name a folder that does not"
  jlink=$(tool jlink)
  "$jlink" --add-modules "$MODULES" --no-header-files --no-man-pages \
    --compress zip-6 --output "$1"
  # The archive of the JDK's classes for the launcher's way to lay out objects.
  "$1/bin/java" -XX:+UseCompactObjectHeaders -Xshare:dump -Xlog:disable
}

check() {
  [ -f "$1" ] || fail "$1 is no file; mend: mvn package"
  [ -d "$2" ] || fail "$2 is no folder; mend: mvn package"
  # --class-path alone makes jdeps resolve what is a module and what is not alike.
  jdeps=$(tool jdeps)
  needed=$("$jdeps" --multi-release 25 --ignore-missing-deps --print-module-deps \
    --class-path "$2/*" "$1" "$2"/*.jar | tail -n 1)
  case $needed in
    java.base*) ;;
    *) fail "jdeps did not answer with modules: $needed" ;;
  esac
  missing=
  for module in $(echo "$needed" | tr , ' '); do
    case ",$MODULES,$NEEDLESS," in
      *",$module,"*) ;;
      *) missing="$missing $module" ;;
    esac
  done
  [ -z "$missing" ] || fail "needed and not linked:$missing; mend: add to MODULES, or to NEEDLESS with the reason"
  echo "jlink.sh: every module of $needed is linked, or known to be needless"
}

case "${1:-} $#" in
  "link 2") link "$2" ;;
  "check 3") check "$2" "$3" ;;
  *) fail "usage: jlink.sh link OUTPUT | jlink.sh check JAR LIB" ;;
esac
