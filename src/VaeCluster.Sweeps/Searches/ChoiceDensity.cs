using VaeCluster.Core.Random;

namespace VaeCluster.Sweeps.Searches;

/// <summary>A categorical density estimated from results, for parameters with a list of values.</summary>
internal sealed class ChoiceDensity
{
    private readonly double[] _probabilities;

    /// <summary>Estimates the density.</summary>
    /// <param name="results">Indices of the chosen values, oldest first.</param>
    /// <param name="choices">Number of choices.</param>
    /// <param name="prior">Weight of the uniform density.</param>
    internal ChoiceDensity(int[] results, int choices, double prior)
    {
        // Each result contributes a density: weight 1 for its choice plus a small weight for every choice.
        double[] weights = TpeWeights.Of(results.Length, prior);
        double little = prior / (results.Length + 1);
        double whole = 1 + (choices * little);
        _probabilities = new double[choices];
        for (int choice = 0; choice < choices; choice++)
        {
            double sum = weights[^1] / choices;
            for (int i = 0; i < results.Length; i++) sum += weights[i] * (little + (results[i] == choice ? 1 : 0)) / whole;
            _probabilities[choice] = sum;
        }
    }

    /// <summary>The probability of a choice.</summary>
    internal double At(int choice) => _probabilities[choice];

    /// <summary>Draws a choice.</summary>
    internal int Draw(RandomSequence random)
    {
        double left = random.NextUniform();
        for (int choice = 0; choice < _probabilities.Length - 1; choice++)
        {
            left -= _probabilities[choice];
            if (left < 0) return choice;
        }

        return _probabilities.Length - 1;
    }
}
