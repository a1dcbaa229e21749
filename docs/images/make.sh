#!/usr/bin/env bash
# Makes the pictures of the documentation again: docs/images/traversal.png and dashboard.png. step.svg is drawn by hand.
#   docs/images/make.sh            needs Chromium; takes about two minutes
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$root/vaecluster" quickstart --out "$work/001-quickstart"
"$root/vaecluster" traverse "$work/001-quickstart" --example 12 --steps 9 --out "$root/docs/images/traversal.png"

VAECLUSTER_PICTURE_RUNS=$work VAECLUSTER_PICTURES=$root/docs/images \
    dotnet test "$root/tests/VaeCluster.Server.Tests" -c Release --filter FullyQualifiedName~DocumentationPictureTests
