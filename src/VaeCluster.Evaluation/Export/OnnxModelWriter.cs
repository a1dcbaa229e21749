using System.Runtime.InteropServices;
using Google.Protobuf;

namespace VaeCluster.Evaluation.Export;

/// <summary>
/// Writes an ONNX model: protocol buffers with the field numbers of onnx.proto (version 8 of the format, operator set 17).
/// Every method that adds a value returns its name.
/// </summary>
/// <param name="name">The graph's name.</param>
internal sealed class OnnxModelWriter(string name)
{
    private const int FormatVersion = 8, OperatorSet = 17;
    private const int Float = 1, Integer = 7;

    private readonly List<byte[]> _nodes = [];
    private readonly List<byte[]> _tensors = [];
    private readonly List<byte[]> _inputs = [];
    private readonly List<byte[]> _outputs = [];
    private int _made;

    /// <summary>Declares an input.</summary>
    /// <param name="value">Its name.</param>
    /// <param name="batch">The name of its first dimension.</param>
    /// <param name="shape">The other dimensions.</param>
    internal void Input(string value, string batch, IReadOnlyList<int> shape) => _inputs.Add(ValueInfo(value, batch, shape));

    /// <summary>Declares an output.</summary>
    /// <param name="value">Its name.</param>
    /// <param name="batch">The name of its first dimension.</param>
    /// <param name="shape">The other dimensions.</param>
    internal void Output(string value, string batch, IReadOnlyList<int> shape) => _outputs.Add(ValueInfo(value, batch, shape));

    /// <summary>Adds a node.</summary>
    /// <param name="type">The operator.</param>
    /// <param name="inputs">The names of its inputs.</param>
    /// <param name="output">The name of its output; null to generate one.</param>
    /// <param name="attributes">Its attributes, each an int, a float or an array of int.</param>
    internal string Node(string type, IReadOnlyList<string> inputs, string? output, params (string Name, object Value)[] attributes)
    {
        output ??= $"{type}.{_made++}";
        _nodes.Add(Message(node =>
        {
            foreach (string input in inputs) Text(node, 1, input);
            Text(node, 2, output);
            Text(node, 3, $"node.{output}");
            Text(node, 4, type);
            foreach ((string attribute, object value) in attributes) Part(node, 5, Attribute(attribute, value));
        }));
        return output;
    }

    /// <summary>Adds a float32 tensor.</summary>
    /// <param name="value">Its name.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <param name="values">Its elements, row-major.</param>
    internal string Floats(string value, IReadOnlyList<int> shape, ReadOnlySpan<float> values)
    {
        byte[] bytes = MemoryMarshal.AsBytes(values).ToArray();
        _tensors.Add(Tensor(value, Float, [.. shape.Select(size => (long)size)], bytes));
        return value;
    }

    /// <summary>Adds a float32 scalar.</summary>
    /// <param name="value">The number.</param>
    internal string Number(float value) => Constant(Float, [], BitConverter.GetBytes(value));

    /// <summary>Adds an int64 vector.</summary>
    /// <param name="values">The numbers.</param>
    internal string Integers(params long[] values) => Constant(Integer, [values.Length], MemoryMarshal.AsBytes<long>(values).ToArray());

    /// <summary>Encodes the model as the bytes of a file.</summary>
    internal byte[] ToBytes() => Message(model =>
    {
        Number(model, 1, FormatVersion);
        Text(model, 2, "VaeCluster");
        Part(model, 7, Message(graph =>
        {
            foreach (byte[] node in _nodes) Part(graph, 1, node);
            Text(graph, 2, name);
            foreach (byte[] tensor in _tensors) Part(graph, 5, tensor);
            foreach (byte[] input in _inputs) Part(graph, 11, input);
            foreach (byte[] output in _outputs) Part(graph, 12, output);
        }));
        Part(model, 8, Message(set =>
        {
            Text(set, 1, string.Empty);
            Number(set, 2, OperatorSet);
        }));
    });

    private string Constant(int type, long[] shape, byte[] bytes)
    {
        string value = $"constant.{_made++}";
        _tensors.Add(Tensor(value, type, shape, bytes));
        return value;
    }

    private static byte[] Tensor(string value, int type, long[] shape, byte[] bytes) => Message(tensor =>
    {
        foreach (long size in shape) Number(tensor, 1, size);
        Number(tensor, 2, type);
        Text(tensor, 8, value);
        Part(tensor, 9, bytes);
    });

    private static byte[] ValueInfo(string value, string batch, IReadOnlyList<int> shape) => Message(info =>
    {
        Text(info, 1, value);
        Part(info, 2, Message(type => Part(type, 1, Message(tensor =>
        {
            Number(tensor, 1, Float);
            Part(tensor, 2, Message(dimensions =>
            {
                Part(dimensions, 1, Message(dimension => Text(dimension, 2, batch)));
                foreach (int size in shape) Part(dimensions, 1, Message(dimension => Number(dimension, 1, size)));
            }));
        }))));
    });

    private static byte[] Attribute(string attribute, object value) => Message(part =>
    {
        const int Kind = 20, FloatKind = 1, IntegerKind = 2, IntegersKind = 7;
        Text(part, 1, attribute);
        switch (value)
        {
            case float number:
                part.WriteTag(2, WireFormat.WireType.Fixed32);
                part.WriteFloat(number);
                Number(part, Kind, FloatKind);
                break;
            case int number:
                Number(part, 3, number);
                Number(part, Kind, IntegerKind);
                break;
            case int[] numbers:
                foreach (int number in numbers) Number(part, 8, number);
                Number(part, Kind, IntegersKind);
                break;
            default:
                throw new ArgumentException($"{attribute} is {value.GetType()}", nameof(value));
        }
    });

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var stream = new CodedOutputStream(bytes, leaveOpen: true)) write(stream);
        return bytes.ToArray();
    }

    private static void Part(CodedOutputStream stream, int field, byte[] content)
    {
        stream.WriteTag(field, WireFormat.WireType.LengthDelimited);
        stream.WriteBytes(UnsafeByteOperations.UnsafeWrap(content));
    }

    private static void Text(CodedOutputStream stream, int field, string text)
    {
        stream.WriteTag(field, WireFormat.WireType.LengthDelimited);
        stream.WriteString(text);
    }

    private static void Number(CodedOutputStream stream, int field, long number)
    {
        stream.WriteTag(field, WireFormat.WireType.Varint);
        stream.WriteInt64(number);
    }
}
