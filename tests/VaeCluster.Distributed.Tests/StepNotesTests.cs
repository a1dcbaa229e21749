using FsCheck.Fluent;
using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Reduction;
using VaeCluster.Distributed.Messages;
using VaeCluster.Exchange;
using VaeCluster.Training.Steps;

namespace VaeCluster.Distributed.Tests;

public sealed class StepNotesTests
{
    private static readonly TensorHeader Header = new() { Generation = 3, Step = 17 };

    [Fact]
    public void An_assignment_is_read_as_it_was_written() =>
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll<(int Epoch, int Place), (float Beta, float Capacity),
            (int Level, int Index)[]>((place, scales, nodes) =>
        {
            var plan = new StepPlan(3, 17, place.Epoch, place.Place, scales.Beta, scales.Capacity);
            var sent = new Assignment(plan, [.. nodes.Select(node => new TreeNode(node.Level, node.Index))], nodes.Length % 2 == 0
                ? "00-trace-01"
                : null);
            (string device, Assignment read) = StepNotes.ReadAssignment(Header, StepNotes.Write("cpu:é", sent));
            return device == "cpu:é" && read.Plan.Equals(plan) && read.Nodes.SequenceEqual(sent.Nodes) && read.Trace == sent.Trace
                && read.Exchange is null;
        }));

    [Fact]
    public void A_root_is_read_bit_by_bit_also_where_it_is_not_finite() =>
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll<(double Loss, double Reconstruction, double Kl), double[]>((terms, squares) =>
        {
            var sent = new RangeGradient(new LossTerms(terms.Loss, terms.Reconstruction, terms.Kl), squares);
            RangeGradient read = StepNotes.ReadRoot(StepNotes.Write(sent)!);
            return Bits(read).SequenceEqual(Bits(sent));
        }));

    [Fact]
    public void A_decision_is_read_as_it_was_written() =>
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll<bool, (float Scale, float Rate), int>((apply, scales, update) =>
        {
            var sent = new UpdateDecision(3, 17, apply, new UpdateStep(scales.Scale, scales.Rate, update), apply ? "00-trace-01" : null);
            return StepNotes.ReadDecision(Header, StepNotes.Write(sent)).Equals(sent);
        }));

    [Fact]
    public void A_note_that_is_cut_short_or_claims_too_much_is_refused_in_one_line()
    {
        float[] root = StepNotes.Write(new RangeGradient(new LossTerms(1, 2, 3), [4, 5]))!;
        float[] claims = [.. root];
        claims[6] = BitConverter.Int32BitsToSingle(int.MaxValue);
        foreach (float[] words in (float[][])[[], root[..^2], claims])
            Assert.Equal("a note of a step cannot be read", Assert.Throws<ExchangeException>(() => StepNotes.ReadRoot(words)).Message);
        Assert.Throws<ExchangeException>(() => StepNotes.ReadDecision(Header, [1f]));
        Assert.Throws<ExchangeException>(() => StepNotes.ReadAssignment(Header, [float.NaN, float.NaN]));
    }

    [Fact]
    public void A_root_that_is_longer_than_a_piece_is_no_note() =>
        Assert.Null(StepNotes.Write(new RangeGradient(default, new double[1 << 17])));

    private static IEnumerable<long> Bits(RangeGradient gradient) =>
        ((double[])[gradient.Terms.Loss, gradient.Terms.Reconstruction, gradient.Terms.Kl, .. gradient.Squares])
            .Select(BitConverter.DoubleToInt64Bits);
}
