namespace VaeCluster.Data.Sprites;

/// <summary>One sprite, by the indices of its factor values in the full grid.</summary>
/// <param name="Shape">0 square, 1 ellipse, 2 heart.</param>
/// <param name="Scale">0 to 5: a factor of 0.5 + 0.1·k.</param>
/// <param name="Orientation">0 to 39: 2π·o/39, counter-clockwise on screen.</param>
/// <param name="X">0 to 31, from left to right.</param>
/// <param name="Y">0 to 31, from top to bottom.</param>
internal readonly record struct SpritePose(int Shape, int Scale, int Orientation, int X, int Y);
