using System.Collections;
using System.Globalization;
using System.Text;

namespace VaeCluster.Core.Specs;

/// <summary>
/// The choice of one member of a family (a dataset, an architecture, a likelihood, …) with the values of the fields it declares.
/// </summary>
/// <param name="Name">The member's name as in the run file, for example <c>gaussian-fixed</c>.</param>
/// <param name="Values">
/// The member's own fields by name, each of the type of its <see cref="FieldRule"/>: <see cref="double"/>, <see cref="long"/>,
/// <see cref="bool"/>, <see cref="string"/>, <c>IReadOnlyList&lt;long&gt;</c>, or for layers
/// <c>IReadOnlyList&lt;IReadOnlyDictionary&lt;string, long&gt;&gt;</c>.
/// The parser fills in defaults; a field that has no default and is not given is absent.
/// </param>
public sealed record MemberSpec(string Name, IReadOnlyDictionary<string, object> Values)
{
    /// <summary>A member without fields of its own.</summary>
    /// <param name="name">The member's name.</param>
    public MemberSpec(string name) : this(name, new Dictionary<string, object>())
    {
    }

    /// <summary>Whether a field has a value.</summary>
    /// <param name="field">The field's name.</param>
    public bool Has(string field) => Values.ContainsKey(field);

    /// <summary>A number field.</summary>
    /// <param name="field">The field's name.</param>
    public double Number(string field) => (double)Values[field];

    /// <summary>An integer field.</summary>
    /// <param name="field">The field's name.</param>
    public int Integer(string field) => checked((int)(long)Values[field]);

    /// <summary>A boolean field.</summary>
    /// <param name="field">The field's name.</param>
    public bool Flag(string field) => (bool)Values[field];

    /// <summary>A text field.</summary>
    /// <param name="field">The field's name.</param>
    public string Text(string field) => (string)Values[field];

    /// <summary>A list of integers.</summary>
    /// <param name="field">The field's name.</param>
    public int[] Integers(string field) => [.. ((IReadOnlyList<long>)Values[field]).Select(value => checked((int)value))];

    /// <summary>A list of maps from names to integers, for example the layers of a convolutional encoder.</summary>
    /// <param name="field">The field's name.</param>
    public IReadOnlyList<IReadOnlyDictionary<string, long>> Layers(string field) =>
        (IReadOnlyList<IReadOnlyDictionary<string, long>>)Values[field];

    /// <summary>Two choices are equal if their names and values are equal; lists are compared by their elements.</summary>
    /// <param name="other">The other choice.</param>
    public bool Equals(MemberSpec? other) => other is not null && SpecText.Of(this) == SpecText.Of(other);

    /// <inheritdoc/>
    public override int GetHashCode() => SpecText.Of(this).GetHashCode(StringComparison.Ordinal);
}

/// <summary>A canonical text of a member's values, used to compare two of them.</summary>
internal static class SpecText
{
    /// <summary>Name and fields in ordinal order.</summary>
    internal static string Of(MemberSpec member)
    {
        var text = new StringBuilder(member.Name);
        foreach (KeyValuePair<string, object> field in member.Values.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            text.Append(';').Append(field.Key).Append('=');
            Append(text, field.Value);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, object value)
    {
        switch (value)
        {
            case string s:
                text.Append('"').Append(s).Append('"');
                break;
            case double number:
                text.Append(number.ToString("R", CultureInfo.InvariantCulture));
                break;
            case IReadOnlyDictionary<string, long> map:
                foreach (KeyValuePair<string, long> entry in map.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                    text.Append(CultureInfo.InvariantCulture, $"{entry.Key}:{entry.Value},");
                break;
            case IEnumerable list:
                text.Append('[');
                foreach (object item in list)
                {
                    Append(text, item);
                    text.Append(',');
                }

                text.Append(']');
                break;
            default:
                text.Append(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
