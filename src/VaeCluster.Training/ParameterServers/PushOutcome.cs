namespace VaeCluster.Training.ParameterServers;

/// <summary>What a parameter server says to a pushed node.</summary>
public enum PushOutcome
{
    /// <summary>It counts.</summary>
    Accepted,

    /// <summary>It, or a node that contains it, is there already; nothing changed.</summary>
    Repeat,

    /// <summary>It belongs to another generation or another step; nothing changed.</summary>
    Stale,
}
