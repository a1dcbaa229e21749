namespace VaeCluster.Evaluation.Encodings;

/// <summary>The files of codes.</summary>
public enum EncodingFormat
{
    /// <summary>NumPy arrays.</summary>
    Npy,

    /// <summary>One table.</summary>
    Csv,

    /// <summary>Arrays and table.</summary>
    Both,
}
