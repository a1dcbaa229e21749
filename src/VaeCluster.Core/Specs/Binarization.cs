namespace VaeCluster.Core.Specs;

/// <summary>How grey values are binarised.</summary>
public enum Binarization
{
    /// <summary>Not at all: pixels are bytes / 255.</summary>
    None,

    /// <summary>Drawn once per example with P(1) = grey value; the same draw in every epoch.</summary>
    Static,

    /// <summary>Drawn anew in every epoch with P(1) = grey value.</summary>
    Dynamic,
}
