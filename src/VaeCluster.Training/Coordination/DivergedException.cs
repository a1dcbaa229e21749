namespace VaeCluster.Training.Coordination;

/// <summary>Training has come to where no result can be had of it; doing it again ends the same way.</summary>
/// <param name="message">What happened, and what to do, in one line.</param>
public class DivergedException(string message) : Exception(message)
{
    /// <summary>What a user can do about it.</summary>
    public const string Remedy = "lower training.learningRate, or set training.clipNorm";
}
