namespace VaeCluster.Core.Specs;

/// <summary>The type of a field's value in a run file, and of the object that holds it in <see cref="MemberSpec.Values"/>.</summary>
public enum FieldKind
{
    /// <summary>A finite <see cref="double"/>.</summary>
    Number,

    /// <summary>A <see cref="long"/>.</summary>
    Integer,

    /// <summary>A <see cref="bool"/>.</summary>
    Flag,

    /// <summary>A <see cref="string"/>; one of the rule's words if it lists any.</summary>
    Text,

    /// <summary>A <see cref="string"/> that names a file or folder: relative to the run file, absolute once parsed.</summary>
    Path,

    /// <summary>A list of <see cref="long"/>.</summary>
    IntegerList,

    /// <summary>A map from the rule's words to <see cref="long"/>, as <c>IReadOnlyDictionary&lt;string, long&gt;</c>.</summary>
    IntegerMap,

    /// <summary>A list of maps from the rule's words to <see cref="long"/>.</summary>
    Layers,
}
