using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Engine.Managed.Memory;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Engine.Managed.Elementwise;

/// <summary>An elementwise function of two values, with broadcasting.</summary>
internal sealed unsafe class BinaryStep : Step
{
    private readonly BinaryFunction _function;
    private readonly Operand _a;
    private readonly Operand _b;
    private readonly Value _y;
    private readonly float* _gradientA;
    private readonly float* _gradientB;

    /// <summary>Plans the step; the result is per example.</summary>
    internal BinaryStep(BinaryFunction function, ProgramContext context, Value a, Value b, Value y)
    {
        _function = function;
        _a = new Operand(a, context.Tree);
        _b = new Operand(b, context.Tree);
        _y = y;
        _gradientA = context.Arena.Reserve(y.Stride);
        _gradientB = context.Arena.Reserve(y.Stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Forward()
    {
        for (int feature = 0; feature < _y.Size; feature++)
        {
            float* y = _y.Data + ((nint)feature * _y.Stride);
            for (int row = 0; row < _y.Stride; row += 16) Apply(_a.Load(feature, row), _b.Load(feature, row)).Store(y + row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Backward(in GradientTarget target)
    {
        _a.Begin();
        _b.Begin();
        for (int feature = 0; feature < _y.Size; feature++)
        {
            float* dy = _y.Gradient + ((nint)feature * _y.Stride);
            for (int row = 0; row < _y.Stride; row += 16)
            {
                Vector512<float> a = _a.Load(feature, row), b = _b.Load(feature, row), d = Vector512.Load(dy + row);
                DerivativeA(b, d).Store(_gradientA + row);
                DerivativeB(a, b, d).Store(_gradientB + row);
            }

            if (_a.HasGradient) _a.AddGradient(feature, _gradientA);
            if (_b.HasGradient) _b.AddGradient(feature, _gradientB);
        }
    }

    private Vector512<float> Apply(Vector512<float> a, Vector512<float> b) => _function switch
    {
        BinaryFunction.Add => a + b,
        BinaryFunction.Subtract => a - b,
        BinaryFunction.Multiply => a * b,
        BinaryFunction.Divide => a / b,
        BinaryFunction.ScaleGradient => a,
        _ => throw new NotSupportedException($"unknown function {_function}"),
    };

    private Vector512<float> DerivativeA(Vector512<float> b, Vector512<float> d) => _function switch
    {
        BinaryFunction.Multiply or BinaryFunction.ScaleGradient => d * b,
        BinaryFunction.Divide => d / b,
        _ => d,
    };

    private Vector512<float> DerivativeB(Vector512<float> a, Vector512<float> b, Vector512<float> d) => _function switch
    {
        BinaryFunction.Subtract => -d,
        BinaryFunction.Multiply => d * a,
        BinaryFunction.Divide => -(d * a) / (b * b),
        BinaryFunction.ScaleGradient => Vector512<float>.Zero,
        _ => d,
    };
}
