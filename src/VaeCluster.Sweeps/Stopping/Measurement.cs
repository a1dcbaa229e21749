namespace VaeCluster.Sweeps.Stopping;

/// <summary>A trial measured at the end of an epoch.</summary>
/// <param name="Trial">The trial's index.</param>
/// <param name="Epoch">Epochs that it has trained.</param>
/// <param name="Loss">The criterion, the smaller the better; not a number counts as worst.</param>
public readonly record struct Measurement(int Trial, int Epoch, double Loss)
{
    /// <summary>The loss, with what is not a number as the largest there is.</summary>
    internal double Ranked => double.IsNaN(Loss) ? double.PositiveInfinity : Loss;
}
