using VaeCluster.Core.Random;
using VaeCluster.Core.Specs;

namespace VaeCluster.Data;

/// <summary>Binarises grey values: 1 with the grey value as probability, as a pure function of (seed, time, example).</summary>
/// <param name="Kind">Whether and when to draw.</param>
/// <param name="Seed">The training seed for training images, the evaluation seed for held-out ones.</param>
/// <param name="Fixed">Whether dynamic draws are the same in every epoch, as for held-out images.</param>
internal readonly record struct Binarizer(Binarization Kind, long Seed, bool Fixed)
{
    /// <summary>Binarises in place; does nothing if <see cref="Kind"/> is none.</summary>
    /// <param name="example">The example's key.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="pixels">Grey values, then draws.</param>
    internal void Apply(int example, int epoch, Span<float> pixels)
    {
        if (Kind == Binarization.None)
            return;
        int time = Kind == Binarization.Dynamic && !Fixed ? epoch : 0;
        new RandomStream(Seed, RandomPurpose.Binarization, (uint)time, (uint)example).FillBernoulli(pixels, pixels);
    }
}
