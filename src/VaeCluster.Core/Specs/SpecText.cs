using System.Collections;
using System.Globalization;
using System.Text;

namespace VaeCluster.Core.Specs;

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
