namespace VaeCluster.Cluster.Tests.Fixtures;

/// <inheritdoc cref="IRemindedGrain"/>
public sealed class RemindedGrain : Grain, IRemindedGrain, IRemindable
{
    public Task RegisterAsync(string name, TimeSpan period) => this.RegisterOrUpdateReminder(name, period, period);

    public async Task<string[]> ListAsync() => [.. (await this.GetReminders()).Select(reminder => reminder.ReminderName)];

    public async Task RemoveAsync(string name) => await this.UnregisterReminder((await this.GetReminder(name))!);

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;
}
