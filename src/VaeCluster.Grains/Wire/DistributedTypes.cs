using VaeCluster.Distributed.Membership;

// Distributed's wire types carry the attributes of the serialiser; the code for them is generated here, where the generator runs.
[assembly: GenerateCodeForDeclaringAssembly(typeof(SiloBeat))]
