namespace VaeCluster.Core.Specs;

/// <summary>How grey values become black or white.</summary>
public enum Binarization
{
    /// <summary>Pixels stay bytes / 255.</summary>
    None,

    /// <summary>Drawn once an example: P(1) = grey value, the same draw in every epoch.</summary>
    Static,

    /// <summary>Drawn anew in every epoch: P(1) = grey value.</summary>
    Dynamic,
}
