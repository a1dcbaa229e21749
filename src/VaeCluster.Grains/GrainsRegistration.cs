using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using VaeCluster.Grains.Coordination;
using VaeCluster.Grains.ParameterServers;
using VaeCluster.Grains.Placement;
using VaeCluster.Grains.Runs;
using VaeCluster.Grains.Sweeps;
using VaeCluster.Grains.Workers;

namespace VaeCluster.Grains;

/// <summary>Registers the grains of a silo.</summary>
public static class GrainsRegistration
{
    /// <summary>Adds the placement services, and excludes the grain classes that a silo with these roles does not host.</summary>
    /// <param name="services">The silo's services. The silo itself adds <see cref="VaeCluster.Distributed.Silos.LocalSilo"/> and, on
    /// servers, <see cref="CoordinatorOptions"/> and <see cref="VaeCluster.Service.Runs.IRunService"/>.</param>
    /// <param name="isWorker">Whether the silo has workers.</param>
    /// <param name="isServer">Whether the silo coordinates runs and hosts ranges.</param>
    public static IServiceCollection AddVaeClusterGrains(this IServiceCollection services, bool isWorker, bool isServer)
    {
        services.AddPlacementDirector<NamedSiloPlacement, NamedSiloDirector>();
        return services.Configure<GrainTypeOptions>(options =>
        {
            if (!isWorker) options.Classes.Remove(typeof(WorkerGrain));
            if (isServer) return;
            options.Classes.Remove(typeof(ParameterServerGrain));
            options.Classes.Remove(typeof(CoordinatorGrain));
            options.Classes.Remove(typeof(RunsGrain));
            options.Classes.Remove(typeof(SweepGrain));
            options.Classes.Remove(typeof(SweepsGrain));
        });
    }
}
