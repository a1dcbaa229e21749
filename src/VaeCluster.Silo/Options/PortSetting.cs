namespace VaeCluster.Silo.Options;

/// <summary>A port to listen on.</summary>
/// <param name="Source">The option or variable that sets it.</param>
/// <param name="Port">The port.</param>
/// <param name="IsGiven">Whether the user asked for this port; a default may give way to a free one.</param>
internal sealed record PortSetting(string Source, int Port, bool IsGiven);
