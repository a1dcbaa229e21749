#!/usr/bin/env bash
# Gives the parsers of foreign bytes inputs that nobody wrote; without arguments it tells how.
set -eu -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build "$here/VaeCluster.Fuzz/VaeCluster.Fuzz.csproj" -c Release -v quiet -nodeReuse:false >&2
exec dotnet "$here/VaeCluster.Fuzz/bin/Release/net10.0/VaeCluster.Fuzz.dll" "$@"
