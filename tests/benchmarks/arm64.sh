#!/usr/bin/env bash
# Trains 200 steps on an emulated Arm64 processor and on this one, and compares the weights and the optimiser's moments bit for bit.
# The program is published self-contained; Debian's qemu-user runs it, with the libraries of an Arm64 system in a folder of this script's.
# Needs Debian, root (to install qemu-user and fetch libssl for arm64) and some five minutes.
set -u -o pipefail
cd "$(dirname "$0")/../.." || exit 1
case ${1:-} in -h | --help) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 0 ;; esac
[ -f /etc/debian_version ] && [ "$(id -u)" = 0 ] || { echo 'skipped: needs Debian and root'; exit 0; }

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
apt-get install -y --no-install-recommends qemu-user libc6-arm64-cross libstdc++6-arm64-cross libgcc-s1-arm64-cross >"$work/apt.log" 2>&1 ||
    { echo 'skipped: qemu-user and the arm64 libraries cannot be installed'; exit 0; }

# .NET looks for libssl where it computes a SHA-256.
mkdir "$work/root"
(
    dpkg --add-architecture arm64 && apt-get update && cd "$work/root" && apt-get download libssl3:arm64 && dpkg -x libssl3_*.deb .
    dpkg --remove-architecture arm64
) >>"$work/apt.log" 2>&1 || { echo 'skipped: libssl for arm64 cannot be had'; exit 0; }

dotnet publish src/VaeCluster.Cli -c Release -r linux-arm64 --self-contained true -o "$work/arm64" -v quiet -nodeReuse:false \
    -p:UseSharedCompilation=false || exit 1
dotnet build src/VaeCluster.Cli -c Release -v quiet -nodeReuse:false -p:UseSharedCompilation=false || exit 1
cat >"$work/run.yaml" <<'RUN'
name: arm64
data: { dataset: dsprites, strides: { scale: 3, orientation: 20, x: 8, y: 8 }, validation: 0.1 }
model: { architecture: mlp, hidden: [20], latent: 2 }
training: { epochs: 100, batch: 64, shards: 2 }
evaluation: { everyEpochs: 0 }
RUN
dotnet src/VaeCluster.Cli/bin/Release/net10.0/vaecluster.dll train "$work/run.yaml" --out "$work/here" >/dev/null || exit 1

# The emulator itself crashes now and then; the run goes on from its checkpoint.
emulated=(qemu-aarch64 -L /usr/aarch64-linux-gnu -E "LD_LIBRARY_PATH=$work/root/usr/lib/aarch64-linux-gnu" "$work/arm64/vaecluster")
"${emulated[@]}" train "$work/run.yaml" --out "$work/there" >"$work/there.log" 2>&1
for _ in 1 2 3; do
    ls "$work"/there/checkpoints/step-00000200-* >/dev/null 2>&1 && break
    "${emulated[@]}" resume "$work/there" >>"$work/there.log" 2>&1
done
for file in model.safetensors optimizer.safetensors; do
    here=$(sha256sum <"$work"/here/checkpoints/step-00000200-g1/$file | cut -d' ' -f1)
    there=$(cat "$work"/there/checkpoints/step-00000200-*/$file | sha256sum | cut -d' ' -f1)
    echo "$file after 200 steps: $(uname -m) $here, aarch64 $there"
    [ "$here" = "$there" ] || { tail -5 "$work/there.log"; echo 'FAULT: other bits'; exit 1; }
done
echo 'the same bits'
