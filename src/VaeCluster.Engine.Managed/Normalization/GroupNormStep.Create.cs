using VaeCluster.Engine.Managed.Elementwise;
using VaeCluster.Engine.Managed.Memory;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Engine.Managed.Normalization;

/// <summary>Creates the step of a group normalisation.</summary>
internal static class GroupNormStep
{
    /// <summary>The step with the operation's activation.</summary>
    internal static Step Create(GroupNormOperation operation, ProgramContext context, Value x, Value y) => operation.Activation switch
    {
        Activation.Identity => new GroupNormStep<UnaryKernels.Identity>(operation, context, x, y),
        Activation.Relu => new GroupNormStep<UnaryKernels.Relu>(operation, context, x, y),
        Activation.LeakyRelu => new GroupNormStep<UnaryKernels.LeakyRelu>(operation, context, x, y),
        Activation.Tanh => new GroupNormStep<UnaryKernels.Tanh>(operation, context, x, y),
        Activation.Softplus => new GroupNormStep<UnaryKernels.Softplus>(operation, context, x, y),
        Activation.Silu => new GroupNormStep<UnaryKernels.Silu>(operation, context, x, y),
        _ => throw new NotSupportedException($"unknown activation {operation.Activation}"),
    };
}
