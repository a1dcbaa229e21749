using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Distributed.Messages;
using VaeCluster.Models;
using VaeCluster.Training.Runs;

namespace VaeCluster.Distributed.Workers;

/// <summary>A run's data and model as a silo opens them, the same for every generation.</summary>
internal sealed class RunMaterial
{
    private RunMaterial(RunSpec spec, DataSplits data, string fingerprint)
    {
        Spec = spec;
        Data = data;
        Fingerprint = fingerprint;
        Model = VaeModel.Create(spec, data.Image);
        Order = new EpochOrder(spec.Training.Seed, data.Train.Count, spec.Training.Batch);
    }

    /// <summary>The run, its paths as they are on this silo.</summary>
    internal RunSpec Spec { get; }

    internal DataSplits Data { get; }

    /// <summary>The training data by their content.</summary>
    internal string Fingerprint { get; }

    internal VaeModel Model { get; }

    /// <summary>The order of examples.</summary>
    internal EpochOrder Order { get; }

    /// <summary>Steps of the whole run.</summary>
    internal int TotalSteps => Spec.Training.Epochs * Order.StepsPerEpoch;

    /// <summary>Opens them; it may take seconds.</summary>
    /// <param name="ticket">The id of the run, its run file and the fingerprint of its data.</param>
    /// <param name="folders">Where this silo has data.</param>
    /// <param name="datasets">Data that other runs of this silo have open.</param>
    /// <exception cref="Core.BadInputException">Data are missing, damaged or other than the run's.</exception>
    internal static RunMaterial Open(RunTicket ticket, DataPlaces folders, DatasetCache datasets)
    {
        RunSpec spec = folders.Find(RunFile.Parse(ticket.Spec, "run.yaml", Path.GetTempPath(), [], Path.GetTempPath(), RunVocabulary.All));
        DataSplits data = DataSplits.Open(spec.Data, spec.Training.Seed, spec.Evaluation.Seed, datasets);
        return new RunMaterial(spec, data, data.Fingerprint());
    }
}
