namespace VaeCluster.Core.Parameters;

/// <summary>The layout of all parameters of a model in one flat float32 vector: contiguous named slices without padding.</summary>
public sealed class ParameterLayout
{
    private readonly Dictionary<string, ParameterSlice> _byName;

    private ParameterLayout(IReadOnlyList<ParameterSlice> slices)
    {
        Slices = slices;
        Length = slices.Count == 0 ? 0 : slices[^1].Offset + slices[^1].Length;
        _byName = slices.ToDictionary(slice => slice.Name, StringComparer.Ordinal);
    }

    /// <summary>The slices in order of their offsets.</summary>
    public IReadOnlyList<ParameterSlice> Slices { get; }

    /// <summary>Number of elements of the flat vector.</summary>
    public int Length { get; }

    /// <summary>The slice with this name.</summary>
    /// <param name="name">A name of the layout.</param>
    /// <exception cref="KeyNotFoundException">No slice has this name.</exception>
    public ParameterSlice this[string name] => _byName[name];

    /// <summary>Whether the layout has a slice with this name.</summary>
    /// <param name="name">The slice's name.</param>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>Collects slices in the order in which a model declares its parameters.</summary>
    public sealed class Builder
    {
        private readonly List<ParameterSlice> _slices = [];
        private readonly HashSet<string> _names = new(StringComparer.Ordinal);
        private int _length;

        /// <summary>Appends a tensor.</summary>
        /// <param name="name">A unique name.</param>
        /// <param name="shape">The dimensions, outermost first, all positive.</param>
        /// <param name="fanIn">See <see cref="ParameterSlice.FanIn"/>.</param>
        /// <param name="initialValue">See <see cref="ParameterSlice.InitialValue"/>.</param>
        /// <returns>The new slice.</returns>
        /// <exception cref="ArgumentException">The name is taken or a dimension is not positive.</exception>
        public ParameterSlice Add(string name, IReadOnlyList<int> shape, int fanIn, float initialValue = 0f)
        {
            if (!_names.Add(name)) throw new ArgumentException($"the parameter '{name}' exists already", nameof(name));
            if (shape.Any(dimension => dimension <= 0))
                throw new ArgumentException($"the dimensions of '{name}' must be positive", nameof(shape));

            var slice = new ParameterSlice(name, [.. shape], _length, fanIn, initialValue);
            _length = checked(_length + slice.Length);
            _slices.Add(slice);
            return slice;
        }

        /// <summary>The layout of the slices added so far.</summary>
        public ParameterLayout Build() => new([.. _slices]);
    }
}
