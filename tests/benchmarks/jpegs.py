#!/usr/bin/env python3
"""Measures how fast a folder of JPEGs becomes training data, beside Pillow.

  jpegs.py make FOLDER [--count 200000]     makes JPEGs of 178x218, as those of CelebA
  jpegs.py measure FOLDER [--cores 2]       resizes them to 64x64: by `vaecluster data inspect` into an empty cache, again from the
                                            cache, and by Pillow in as many processes as there are cores

`measure` prints images a second, seconds and the peak memory of each. Needs Pillow and NumPy, and a build of src/VaeCluster.Cli.
"""
import argparse
import io
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

WIDTH, HEIGHT, SIDE = 178, 218, 64
FOLDERS_OF = 1000
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def make_one(task):
    import numpy
    from PIL import Image
    folder, index = task
    # Smooth shapes with a little noise: about as many bytes, 8 to 12 thousand, as a photo of a face has.
    random = numpy.random.default_rng(index)
    coarse = Image.fromarray(random.integers(0, 256, (9, 7, 3), dtype=numpy.uint8)).resize((WIDTH, HEIGHT), Image.BICUBIC)
    noise = random.normal(0, 5, (HEIGHT, WIDTH, 1))
    pixels = numpy.clip(numpy.asarray(coarse) + noise, 0, 255).astype(numpy.uint8)
    place = os.path.join(folder, f"{index // FOLDERS_OF:03}")
    os.makedirs(place, exist_ok=True)
    Image.fromarray(pixels).save(os.path.join(place, f"{index:06}.jpg"), quality=88)


def make(folder, count):
    with multiprocessing.Pool() as pool:
        for _ in pool.imap_unordered(make_one, ((folder, index) for index in range(count)), chunksize=100):
            pass


def resize_one(path):
    from PIL import Image
    left = (0, (HEIGHT - WIDTH) // 2, WIDTH, (HEIGHT - WIDTH) // 2 + WIDTH)
    with Image.open(path) as image:
        return image.convert("RGB").crop(left).resize((SIDE, SIDE), Image.BOX).tobytes()


def files_of(folder):
    return sorted(os.path.join(place, name) for place, _, names in os.walk(folder) for name in names if name.endswith(".jpg"))


def measure_pillow(folder, cores):
    paths = files_of(folder)
    start = time.monotonic()
    with multiprocessing.Pool(cores) as pool, io.BytesIO() as out:
        for pixels in pool.imap(resize_one, paths, chunksize=64):
            out.write(pixels)
    return time.monotonic() - start


def measure_ours(program, run_file, cache, cores):
    environment = dict(os.environ, VAECLUSTER_CACHE=cache, DOTNET_PROCESSOR_COUNT=str(cores))
    start = time.monotonic()
    process = subprocess.Popen([program, "data", "inspect", run_file], env=environment, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if status != 0:
        sys.exit(f"vaecluster failed:\n{output}")
    return seconds, usage.ru_maxrss / 1024


def measure(folder, cores, program):
    count = len(files_of(folder))
    if count == 0:
        sys.exit(f"{folder}: has no JPEGs; make some first")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:cores]))
    work = tempfile.mkdtemp(prefix="vaecluster-jpegs-")
    try:
        run_file = os.path.join(work, "run.yaml")
        with open(run_file, "w", encoding="utf-8") as file:
            file.write(f"data: {{ dataset: images, path: \"{os.path.abspath(folder)}\", size: [{SIDE}, {SIDE}] }}\n"
                       "model: { architecture: mlp, hidden: [16], latent: 2 }\n")
        cache = os.path.join(work, "cache")
        first, peak = measure_ours(program, run_file, cache, cores)
        print(f"vaecluster, first start:  {count / first:8.0f} images/s  {first:7.1f} s  peak {peak:5.0f} MB")
        again, peak = measure_ours(program, run_file, cache, cores)
        print(f"vaecluster, from cache:   {count / again:8.0f} images/s  {again:7.1f} s  peak {peak:5.0f} MB")
        pillow = measure_pillow(folder, cores)
        print(f"Pillow, {cores} processes:      {count / pillow:8.0f} images/s  {pillow:7.1f} s")
    finally:
        shutil.rmtree(work)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("make")
    verb.add_argument("folder")
    verb.add_argument("--count", type=int, default=200_000)
    verb = verbs.add_parser("measure")
    verb.add_argument("folder")
    verb.add_argument("--cores", type=int, default=2)
    verb.add_argument("--program", default=os.path.join(ROOT, "src/VaeCluster.Cli/bin/Release/net10.0/vaecluster"))
    options = parser.parse_args()
    if options.verb == "make":
        make(options.folder, options.count)
    else:
        measure(options.folder, options.cores, options.program)


if __name__ == "__main__":
    main()
