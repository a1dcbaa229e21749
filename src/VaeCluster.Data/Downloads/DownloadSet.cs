namespace VaeCluster.Data.Downloads;

/// <summary>A public dataset that can be downloaded.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Summary">A one-line description.</param>
/// <param name="Files">Its files.</param>
/// <param name="RunFile">A <c>data</c> section for it in a run file; {0} stands for the folder.</param>
public sealed record DownloadSet(string Name, string Summary, IReadOnlyList<DownloadFile> Files, string RunFile);
