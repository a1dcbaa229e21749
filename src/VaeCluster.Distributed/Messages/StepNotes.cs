using System.Runtime.InteropServices;
using System.Text;
using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Reduction;
using VaeCluster.Exchange;
using VaeCluster.Training.Steps;

namespace VaeCluster.Distributed.Messages;

/// <summary>
/// What a coordinator, its workers and its ranges tell each other in every step, as words behind a tensor's header: who computes what, that
/// a root is there, how a step is closed. Nobody acknowledges a note; who misses one finds out by a call. They travel beside the tensors
/// because calls of the platform for the same took each silo 0.7 ms of its cores a step, and a short step is a few.
/// </summary>
internal static class StepNotes
{
    /// <summary>Writes an assignment that has no exchange.</summary>
    /// <param name="device">The device that computes.</param>
    /// <param name="assignment">What it computes.</param>
    internal static float[] Write(string device, Assignment assignment) => Words(note =>
    {
        note.Write(device);
        StepPlan plan = assignment.Plan;
        note.Write(plan.Epoch);
        note.Write(plan.StepInEpoch);
        note.Write(plan.Beta);
        note.Write(plan.Capacity);
        note.Write(assignment.Nodes.Length);
        foreach (TreeNode node in assignment.Nodes)
        {
            note.Write(node.Level);
            note.Write(node.Index);
        }

        note.Write(assignment.Trace ?? "");
    });

    /// <summary>Writes what a range says of a root.</summary>
    /// <returns>Null: it is too long for a note.</returns>
    internal static float[]? Write(RangeGradient gradient)
    {
        float[] words = Words(note =>
        {
            note.Write(gradient.Terms.Loss);
            note.Write(gradient.Terms.Reconstruction);
            note.Write(gradient.Terms.Kl);
            note.Write(gradient.Squares.Length);
            foreach (double square in gradient.Squares) note.Write(square);
        });
        return words.Length > HeaderFormat.MostElements ? null : words;
    }

    /// <summary>Writes a decision.</summary>
    internal static float[] Write(UpdateDecision decision) => Words(note =>
    {
        note.Write(decision.Apply);
        note.Write(decision.Update.GradientScale);
        note.Write(decision.Update.LearningRate);
        note.Write(decision.Update.Update);
        note.Write(decision.Trace ?? "");
    });

    /// <summary>Reads an assignment.</summary>
    /// <param name="header">Has generation and step.</param>
    /// <param name="words">What was written.</param>
    /// <exception cref="ExchangeException">It is not one.</exception>
    internal static (string Device, Assignment Assignment) ReadAssignment(in TensorHeader header, ReadOnlySpan<float> words)
    {
        (int generation, int step) = (header.Generation, header.Step);
        return Read(words, note =>
        {
            string device = note.ReadString();
            var plan = new StepPlan(generation, step, note.ReadInt32(), note.ReadInt32(), note.ReadSingle(), note.ReadSingle());
            var nodes = new TreeNode[Length(note, 2 * sizeof(int))];
            for (int i = 0; i < nodes.Length; i++) nodes[i] = new TreeNode(note.ReadInt32(), note.ReadInt32());
            return (device, new Assignment(plan, nodes, Text(note)));
        });
    }

    /// <summary>Reads a root.</summary>
    /// <exception cref="ExchangeException">It is not one.</exception>
    internal static RangeGradient ReadRoot(ReadOnlySpan<float> words) => Read(words, note =>
    {
        var terms = new LossTerms(note.ReadDouble(), note.ReadDouble(), note.ReadDouble());
        var squares = new double[Length(note, sizeof(double))];
        for (int i = 0; i < squares.Length; i++) squares[i] = note.ReadDouble();
        return new RangeGradient(terms, squares);
    });

    /// <summary>Reads a decision.</summary>
    /// <param name="header">Has generation and step.</param>
    /// <param name="words">What was written.</param>
    /// <exception cref="ExchangeException">It is not one.</exception>
    internal static UpdateDecision ReadDecision(in TensorHeader header, ReadOnlySpan<float> words)
    {
        (int generation, int step) = (header.Generation, header.Step);
        return Read(words, note => new UpdateDecision(
            generation, step, note.ReadBoolean(), new UpdateStep(note.ReadSingle(), note.ReadSingle(), note.ReadInt32()), Text(note)));
    }

    private static float[] Words(Action<BinaryWriter> write)
    {
        using var bytes = new MemoryStream();
        using var note = new BinaryWriter(bytes, Encoding.UTF8);
        write(note);
        var words = new float[(bytes.Length + sizeof(float) - 1) / sizeof(float)];
        bytes.GetBuffer().AsSpan(0, (int)bytes.Length).CopyTo(MemoryMarshal.AsBytes(words.AsSpan()));
        return words;
    }

    private static T Read<T>(ReadOnlySpan<float> words, Func<BinaryReader, T> read)
    {
        using var note = new BinaryReader(new MemoryStream(MemoryMarshal.AsBytes(words).ToArray()), Encoding.UTF8);
        try
        {
            return read(note);
        }
        catch (Exception fault) when (fault is EndOfStreamException or FormatException)
        {
            throw new ExchangeException("a note of a step cannot be read", cause: fault);
        }
    }

    // Before memory is taken for what a broken note may claim to hold.
    private static int Length(BinaryReader note, int size)
    {
        int length = note.ReadInt32();
        long most = (note.BaseStream.Length - note.BaseStream.Position) / size;
        return length >= 0 && length <= most ? length : throw new EndOfStreamException();
    }

    private static string? Text(BinaryReader note) => note.ReadString() is { Length: > 0 } text ? text : null;
}
