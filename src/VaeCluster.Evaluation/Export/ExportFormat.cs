namespace VaeCluster.Evaluation.Export;

/// <summary>The export formats of weights.</summary>
public enum ExportFormat
{
    /// <summary>One safetensors file with PyTorch's names, the run file and a description of the networks in its metadata.</summary>
    Safetensors,

    /// <summary>One .npz archive with an array per parameter, under PyTorch's names.</summary>
    Npz,

    /// <summary>A folder with <c>encoder.onnx</c> and <c>decoder.onnx</c>.</summary>
    Onnx,
}
