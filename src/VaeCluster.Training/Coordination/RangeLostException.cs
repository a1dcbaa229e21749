namespace VaeCluster.Training.Coordination;

/// <summary>
/// A parameter range is gone or must move: every range begins again from one checkpoint in a new generation.
/// </summary>
/// <param name="message">One line.</param>
/// <param name="isMove">Whether the ranges still answer, so that the state can be saved first and no step is done again.</param>
/// <param name="cause">What was caught.</param>
public sealed class RangeLostException(string message, bool isMove, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether the state can be saved first.</summary>
    public bool IsMove { get; } = isMove;
}
