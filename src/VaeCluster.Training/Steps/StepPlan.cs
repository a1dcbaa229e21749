namespace VaeCluster.Training.Steps;

/// <summary>One step, as everyone who takes part in it must see it. With the seed it decides examples and noise.</summary>
/// <param name="Generation">Incarnation of the parameter server; messages of older ones are refused.</param>
/// <param name="Step">Number of the step, from 1.</param>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="StepInEpoch">Position in the epoch, from 0.</param>
/// <param name="Beta">Weight of the KL term in this step.</param>
/// <param name="Capacity">What a capacity objective holds the KL against in this step, in nats.</param>
public readonly record struct StepPlan(int Generation, int Step, int Epoch, int StepInEpoch, float Beta, float Capacity = 0f);
