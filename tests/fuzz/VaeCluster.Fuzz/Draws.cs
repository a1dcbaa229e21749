namespace VaeCluster.Fuzz;

/// <summary>Random numbers of one input (SplitMix64), a pure function of seed, target and number.</summary>
internal sealed class Draws
{
    private ulong _state;

    internal Draws(long seed, string target, long index)
    {
        _state = (ulong)seed;
        foreach (char letter in target) _state = Mix(_state ^ letter);
        _state = Mix(_state ^ (ulong)index);
    }

    /// <summary>A number from 0 to below a bound.</summary>
    internal int Below(int bound)
    {
        _state += 0x9E3779B97F4A7C15;
        return (int)(Mix(_state) % (ulong)bound);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
