#!/bin/sh
# Links a Java runtime of the modules that the service needs, and teaches it how the service starts.
#
#   src/build/jlink.sh link  OUTPUT    makes the runtime in a folder that does not exist yet
#   src/build/jlink.sh check JAR LIB   fails where the jars need a module that is neither linked nor known
#                                      to be needless
#   src/build/jlink.sh train HOME        runs a node once in an installed folder (bin, lib, runtime,
#                                      symbolon.jar), and leaves HOME/symbolon.aot, the classes as they were
#                                      loaded and linked (JEP 483, 514), and HOME/commands.aot, those of a
#                                      command that asks a trial; needs curl
#
# The JDK is JAVA_HOME's, else that of the jlink on the path; it has to be 25.
set -eu

# java.naming      logback and Netty refer to it
# java.net.http    the health probe; key sets of issuers
# java.xml         logback refers to it
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
  # A jar that says it is a module makes jdeps look for each one that it requires, and Vert.x's gRPC
  # requires one that the service leaves out (Protobuf's JSON): those jars are read as bare classes.
  jdeps=$(tool jdeps)
  jar=$(dirname "$jdeps")/jar
  bare=$(mktemp -d)
  lib=$(cd "$2" && pwd -P)
  app=$(cd "$(dirname "$1")" && pwd -P)/$(basename "$1")
  set -- "$app"
  for file in "$lib"/*.jar; do
    case $file in
      */vertx-grpc-*) (cd "$bare" && "$jar" --extract --file "$file") ;;
      *) set -- "$@" "$file" ;;
    esac
  done
  rm -f "$bare/module-info.class"
  # --class-path alone makes jdeps resolve what is a module and what is not alike.
  needed=$("$jdeps" --multi-release 25 --ignore-missing-deps --print-module-deps \
    --class-path "$lib/*" "$@" "$bare" | tail -n 1)
  rm -r "$bare"
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

# start FOLDER [FLAG...]: a service whose ports are in FOLDER/output; its process in $service
start() {
  folder=$1
  shift
  "$home/bin/symbolon" serve --set public.port=0 --set admin.port=0 --set management.port=0 "$@" \
    >"$folder/output" 2>&1 &
  service=$!
  for _ in $(seq 600); do
    ! grep -q 'ready: ' "$folder/output" || return 0
    kill -0 "$service" 2>/dev/null || break
    sleep 0.1
  done
  fail "no start: $(cat "$folder/output")"
}

# listener NAME: where it listens
listener() {
  echo "http://localhost:$(sed -n "s/.*ready: .*$1 \([0-9]*\).*/\1/p" "$folder/output")"
}

end_service() {
  kill "$service"
  wait "$service" || true
  service=
}

train() {
  service=
  redis=
  trap 'kill $service $redis 2>/dev/null || true' EXIT
  [ -x "$1/bin/symbolon" ] || fail "no $1/bin/symbolon; mend: install the launcher there"
  home=$(cd "$1" && pwd -P)
  trial=$(mktemp -d)
  start "$trial" --set redis.directory="$trial"
  assertion=$(curl -sSf "$(listener public)/demo/assertion?subject=alice")
  JDK_JAVA_OPTIONS="-XX:AOTCacheOutput=$home/commands.aot" "$home/bin/symbolon" campaign plan \
    --admin "$(listener admin)" --key-file "$trial/operator.txt" \
    --cause drill --ticket training --all >>"$trial/output" 2>&1 \
    || fail "the command did not end well: $(cat "$trial/output")"
  end_service
  [ -s "$home/commands.aot" ] || fail "no cache of commands came of it: $(cat "$trial/output")"

  # What the trial leaves serves a node that is set up as an operator would: others load other classes.
  sed 's/#[0-9a-f]\{64\}/>training/' "$trial/redis/users.acl" >"$trial/users.acl"
  mv "$trial/users.acl" "$trial/redis/users.acl"
  set -- "$trial"/redis/redis-server-*
  "$1" "$trial/redis/redis.conf" >"$trial/redis/output" 2>&1 &
  redis=$!
  printf '{"keys":[%s]}' "$(sed 's/"d":"[^"]*",\{0,1\}//' "$trial/demo-issuer.jwk")" >"$trial/jwks.json"
  mkdir "$trial/node"
  export JDK_JAVA_OPTIONS="-XX:AOTCacheOutput=$home/symbolon.aot"
  start "$trial/node" --set log.format=ecs --set keys.file="$trial/keys.txt" \
    --set redis.mode=standalone --set redis.password=training \
    --set redis.nodes="127.0.0.1:$(sed -n 's/^port //p' "$trial/redis/redis.conf")" \
    --set issuers.demo.issuer=https://demo.symbolon.invalid --set issuers.demo.jwks="$trial/jwks.json"
  site=$(listener public)
  curl -sSf -o "$trial/login" -c "$trial/jar" -H 'Content-Type: application/jwt' -d "$assertion" "$site/v1/login"
  # Enough for what they run to be compiled well: a node that starts does so at once, and with nothing else.
  curl -sSf -b "$trial/jar" "$site/v1/validate?[1-40000]"
  curl -sSf -b "$trial/jar" -X POST "$site/v1/logout"
  end_service
  kill "$redis"
  wait "$redis" || true
  redis=
  [ -s "$home/symbolon.aot" ] || fail "no cache came of it: $(cat "$trial/node/output")"
  rm -r "$trial"
}

case "${1:-} $#" in
  "link 2") link "$2" ;;
  "check 3") check "$2" "$3" ;;
  "train 2") train "$2" ;;
  *) fail "usage: jlink.sh link OUTPUT | jlink.sh check JAR LIB | jlink.sh train HOME" ;;
esac
