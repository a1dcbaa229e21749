using System.Runtime.InteropServices;
using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Reduction;
using VaeCluster.Distributed.Messages;
using VaeCluster.Exchange;
using VaeCluster.Training.Steps;

namespace VaeCluster.Fuzz.Targets;

/// <summary>What arrives at the tensor port: a peer's hello, headers of tensors, and the notes of a step. The first byte says which.</summary>
internal sealed class TensorTarget : FuzzTarget
{
    private static readonly StepPlan Plan = new(Generation: 1, Step: 7, Epoch: 1, StepInEpoch: 6, Beta: 1);

    public override string Name => "tensors";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        [0, 4, 0, .. "test"u8, 3, 0, .. "raw"u8, 9, 0, .. "host:1234"u8, 1, .. new byte[ClusterSecret.NonceSize]],
        Header(null),
        Header(0x12345678),
        Note(2, StepNotes.Write("cpu:0", new Assignment(Plan, [TreeNode.Leaf(0), new TreeNode(2, 1)], "00-trace-01"))),
        Note(3, StepNotes.Write(new RangeGradient(new LossTerms(1, 2, 3), [4, 5, 6]))!),
        Note(4, StepNotes.Write(new UpdateDecision(1, 7, Apply: true, new UpdateStep(0.1f, 0.2f, 7)))),
    ];

    public override void Run(byte[] input)
    {
        if (input.Length == 0) return;
        ReadOnlySpan<byte> rest = input.AsSpan(1);
        ReadOnlySpan<float> words = MemoryMarshal.Cast<byte, float>(rest[..(rest.Length & ~3)]);
        var header = new TensorHeader { Generation = 1, Step = 7 };
        switch (input[0] % 5)
        {
            case 0:
                _ = Handshake.Understand(rest, out _);
                break;
            case 1 when rest.Length >= HeaderFormat.Size:
                if (HeaderFormat.Read(rest[..HeaderFormat.Size], out TensorHeader read, out _) is null
                    && (read.Count is < 1 or > HeaderFormat.MostElements || read.Offset < 0 || read.Offset > read.Total - read.Count))
                    throw new InvalidOperationException($"a header of {read.Count} elements at {read.Offset} of {read.Total} is taken");
                break;
            case 2:
                _ = StepNotes.ReadAssignment(header, words);
                break;
            case 3:
                _ = StepNotes.ReadRoot(words);
                break;
            case 4:
                _ = StepNotes.ReadDecision(header, words);
                break;
        }
    }

    public override bool IsRefusal(Exception fault) => fault is ExchangeException;

    private static byte[] Header(uint? checksum)
    {
        var bytes = new byte[1 + HeaderFormat.Size];
        bytes[0] = 1;
        var header = new TensorHeader { Kind = TensorKind.Gradient, Run = 1, Generation = 1, Step = 7, Part = 3, Count = 10, Total = 10 };
        HeaderFormat.Write(bytes.AsSpan(1), header, checksum);
        return bytes;
    }

    private static byte[] Note(byte kind, float[] words) => [kind, .. MemoryMarshal.AsBytes(words.AsSpan())];
}
