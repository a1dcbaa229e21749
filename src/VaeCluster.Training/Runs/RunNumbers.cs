using System.Globalization;
using VaeCluster.Training.Files;

namespace VaeCluster.Training.Runs;

/// <summary>
/// The highest number that was given out in a folder of runs, kept in a file there. Without it the number of a deleted run would be given
/// out again, and whoever still knows the old run would take the new one for it.
/// </summary>
public static class RunNumbers
{
    private const string FileName = ".last-number";

    /// <summary>The highest number that was given out; 0 if none was recorded.</summary>
    /// <param name="runs">The folder of runs.</param>
    public static int Last(string runs)
    {
        try
        {
            string text = File.ReadAllText(Path.Combine(runs, FileName)).Trim();
            bool isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
            return isNumber && number <= RunNames.LargestNumber ? number : 0;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return 0; // none yet; the numbers of the folders count in any case
        }
    }

    /// <summary>Records a number before its folder appears or disappears. Writers must take turns.</summary>
    /// <param name="runs">The folder of runs, which must exist.</param>
    /// <param name="number">The number; one that is not above the highest changes nothing.</param>
    public static void Remember(string runs, int number)
    {
        if (number > Last(runs)) DurableFile.Replace(Path.Combine(runs, FileName), number.ToString(CultureInfo.InvariantCulture));
    }
}
