namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>A grain that asks to be woken.</summary>
public interface IRemindedGrain : IGrainWithStringKey
{
    /// <summary>Registers a reminder, or changes it.</summary>
    Task RegisterAsync(string name, TimeSpan period);

    /// <summary>The names of its reminders.</summary>
    Task<string[]> ListAsync();

    /// <summary>Removes a reminder.</summary>
    Task RemoveAsync(string name);
}
