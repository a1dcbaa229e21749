namespace VaeCluster.Silo.Options;

/// <summary>A port to listen on.</summary>
/// <param name="Source">The option or variable that sets it.</param>
/// <param name="Port">The port.</param>
/// <param name="IsGiven">Whether somebody asked for this very port.</param>
internal sealed record PortSetting(string Source, int Port, bool IsGiven);
