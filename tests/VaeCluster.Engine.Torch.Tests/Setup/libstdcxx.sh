#!/bin/sh
# Runs a command with a libstdc++ that is new enough for TorchSharp, where the system's is too old (Debian 12):
#   libstdcxx.sh COMMAND …    builds it once under .build/libstdcxx if it is needed and can be built, and runs the command
#   libstdcxx.sh              builds it only
# TorchSharp's native library needs one symbol of the libstdc++ of GCC 13, std::ios_base_library_init(). The library built here defines that
# symbol and has the system's own for all the rest. Without it the command runs all the same, and tests that need it are skipped with the reason.
set -u
wanted=GLIBCXX_3.4.32
root=$(cd "$(dirname "$0")/../../.." && pwd -P)
folder=$root/.build/libstdcxx

# The system's library; nothing where it is new enough, or where there is none (another system, another C library).
old_library() {
    [ "$(uname -s) $(uname -m)" = "Linux x86_64" ] || return 0
    library=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null | sed -n 's,.*libstdc++\.so\.6 (libc6\,x86-64.*=> ,,p' | head -n 1)
    if [ -n "$library" ] && ! grep -q "$wanted" "$library"; then readlink -f "$library"; fi
}

has_tools() { command -v g++ && command -v objdump && command -v patchelf; }

install_tools() {
    [ -z "${VAECLUSTER_SKIP_SETUP:-}" ] && [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ] || return 1
    apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends g++ binutils patchelf
}

# build LIBRARY PART: an empty folder that takes the place of the last one when it is whole.
build() {
    cp "$1" "$2/libstdc++-system.so.6" &&
        patchelf --set-soname libstdc++-system.so.6 "$2/libstdc++-system.so.6" || return 1

    # Who was linked with a version of the library looks for that name in the library of this name, so all of them are here, empty.
    objdump -p "$1" | awk '/^Version definitions:/ { inside = 1; next } /^$/ { inside = 0 } inside && NF == 4 && $1 != 1 { print $4 " { };" }' \
        >"$2/versions" || return 1
    echo "$wanted { global: _ZSt21ios_base_library_initv; local: *; };" >>"$2/versions"
    cat >"$2/init.cpp" <<'END' || return 1
#include <ios>

// What the function of GCC 13 sees to: cin and cout are there before whoever links with this library runs.
static std::ios_base::Init streams;

namespace std {
void ios_base_library_init() {}
}
END
    g++ -O2 -fPIC -c "$2/init.cpp" -o "$2/init.o" &&
        gcc -shared -o "$2/libstdc++.so.6" "$2/init.o" -Wl,-soname,libstdc++.so.6 -Wl,--version-script="$2/versions" \
            -Wl,--no-as-needed "$2/libstdc++-system.so.6" -Wl,-rpath,'$ORIGIN' &&
        LD_LIBRARY_PATH=$2 dotnet --version
}

# Where the library comes from and how it is built: when either changes, it is built again.
stamp() { cksum "$1" && cksum <"$0"; }

prepare() {
    library=$(old_library)
    [ -n "$library" ] || return 1
    if [ -f "$folder/done" ] && [ "$(stamp "$library")" = "$(cat "$folder/done")" ]; then return 0; fi
    mkdir -p "$root/.build" || return 1
    log=$root/.build/libstdcxx.log
    if ! has_tools >"$log" 2>&1 && ! install_tools >>"$log" 2>&1; then
        echo "libstdc++ ($library) is too old for TorchSharp, and g++, binutils and patchelf, which build what it lacks, are not installed;" \
            'tests of TorchSharp will be skipped' >&2
        return 1
    fi
    part=$(mktemp -d "$root/.build/libstdcxx.XXXXXX") || return 1
    if build "$library" "$part" >>"$log" 2>&1; then
        chmod 755 "$part"
        stamp "$library" >"$part/done"
        rm -rf "$folder"
        mv "$part" "$folder"
    else
        rm -rf "$part"
        echo "the libstdc++ that TorchSharp needs could not be built (see .build/libstdcxx.log); its tests will be skipped" >&2
        return 1
    fi
}

if prepare; then
    LD_LIBRARY_PATH=$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    export LD_LIBRARY_PATH
fi
[ $# -eq 0 ] || exec "$@"
