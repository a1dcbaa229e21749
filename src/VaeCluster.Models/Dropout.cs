using VaeCluster.Core.Random;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models;

/// <summary>
/// Dropout in training: a channel is set to 0 with probability p, or else divided by 1 − p. What is dropped depends on seed, step and
/// example alone, so that it is the same with any number of workers. Source: Srivastava et al., Dropout (2014); of convolutions, whole
/// channels: Tompson et al., Efficient object localization using convolutional networks (2015).
/// </summary>
public sealed class Dropout
{
    /// <summary>Name of the field of an architecture.</summary>
    internal const string FieldName = "dropout";

    private readonly float _rate;

    private Dropout(float rate, Graph training)
    {
        _rate = rate;
        var sizes = new List<int>();
        while (training.Inputs.TryGetValue(DropoutMasks.NameOf(sizes.Count), out Node? mask)) sizes.Add(mask.Size);
        Masks = sizes;
    }

    /// <summary>Elements of a row of each mask: those of <see cref="DropoutMasks.NameOf"/> 0, 1, and so on.</summary>
    public IReadOnlyList<int> Masks { get; }

    /// <summary>Elements of the masks of an example, all together.</summary>
    public int Length => Masks.Sum();

    /// <summary>Whether an architecture drops anything.</summary>
    /// <param name="architecture">The architecture.</param>
    internal static bool IsIn(MemberSpec architecture) => architecture.Has(FieldName) && architecture.Number(FieldName) > 0;

    /// <summary>The dropout of an architecture.</summary>
    /// <param name="architecture">The architecture.</param>
    /// <param name="training">The graph with its masks.</param>
    /// <returns>Null: nothing is dropped.</returns>
    internal static Dropout? Of(MemberSpec architecture, Graph training) =>
        IsIn(architecture) ? new Dropout((float)architecture.Number(FieldName), training) : null;

    /// <summary>Draws the masks of an example.</summary>
    /// <param name="seed">The training seed.</param>
    /// <param name="step">The step, from 1.</param>
    /// <param name="example">The example's index in the dataset.</param>
    /// <param name="masks">Receives all masks, one after the other.</param>
    public void Fill(long seed, int step, int example, Span<float> masks)
    {
        new RandomStream(seed, RandomPurpose.Dropout, (uint)step, (uint)example).FillUniform(masks);
        float kept = 1f / (1f - _rate);
        foreach (ref float value in masks) value = value < _rate ? 0f : kept;
    }
}
