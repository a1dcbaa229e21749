namespace VaeCluster.Data.Pictures;

/// <summary>The size of a picture.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">1 for grey, 3 for colour.</param>
internal readonly record struct PictureSize(int Width, int Height, int Channels);
