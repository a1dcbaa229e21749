namespace VaeCluster.Data.Downloads;

/// <summary>A public set that can be downloaded.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Summary">What it is, in one line.</param>
/// <param name="Files">Its files.</param>
/// <param name="RunFile">A run file's <c>data</c> section for it; {0} stands for the folder.</param>
public sealed record DownloadSet(string Name, string Summary, IReadOnlyList<DownloadFile> Files, string RunFile);
