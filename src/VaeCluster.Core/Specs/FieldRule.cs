namespace VaeCluster.Core.Specs;

/// <summary>A field of a run file: its type, its default and what is allowed.</summary>
/// <param name="Name">The name in the run file.</param>
/// <param name="Kind">The type of its value.</param>
/// <param name="Summary">What it means, with its unit.</param>
public sealed record FieldRule(string Name, FieldKind Kind, string Summary)
{
    private readonly object? _default;

    /// <summary>
    /// The value if the file does not give one; null: no default, so the field is absent unless it is <see cref="Required"/>.
    /// Integers and lists of <see cref="int"/> are widened to the types of <see cref="FieldKind"/>.
    /// </summary>
    public object? Default
    {
        get => _default;
        init => _default = value switch
        {
            int integer when Kind == FieldKind.Number => (double)integer,
            int integer => (long)integer,
            IReadOnlyList<int> list => list.Select(element => (long)element).ToArray(),
            _ => value,
        };
    }

    /// <summary>Whether the field must be given.</summary>
    public bool Required { get; init; }

    /// <summary>Smallest value allowed (for every element of a list).</summary>
    public double Min { get; init; } = double.NegativeInfinity;

    /// <summary>Largest value allowed (for every element of a list).</summary>
    public double Max { get; init; } = double.PositiveInfinity;

    /// <summary>Whether <see cref="Min"/> itself is excluded, for values that must be above zero.</summary>
    public bool AboveMin { get; init; }

    /// <summary>Whether <see cref="Max"/> itself is excluded.</summary>
    public bool BelowMax { get; init; }

    /// <summary>The most elements of a list.</summary>
    public int MostItems { get; init; } = 10_000;

    /// <summary>
    /// The words allowed for <see cref="FieldKind.Text"/>, or the keys allowed for <see cref="FieldKind.Layers"/> and
    /// <see cref="FieldKind.IntegerMap"/>; null: any.
    /// </summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>Words that a user may expect to be allowed, each with the reason why it is not and what to take instead.</summary>
    public IReadOnlyDictionary<string, string> Refused { get; init; } = new Dictionary<string, string>();

    /// <summary>What is allowed, in words, for example <c>a whole number of at least 1</c>.</summary>
    public string Allowed => FieldRuleText.Allowed(this);
}
