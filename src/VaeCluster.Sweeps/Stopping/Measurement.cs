namespace VaeCluster.Sweeps.Stopping;

/// <summary>The evaluation of a trial at the end of an epoch.</summary>
/// <param name="Trial">The trial's index.</param>
/// <param name="Epoch">Epochs trained.</param>
/// <param name="Loss">The criterion, lower is better; NaN is worst.</param>
public readonly record struct Measurement(int Trial, int Epoch, double Loss)
{
    /// <summary>The loss, with NaN replaced by infinity.</summary>
    internal double Ranked => double.IsNaN(Loss) ? double.PositiveInfinity : Loss;
}
