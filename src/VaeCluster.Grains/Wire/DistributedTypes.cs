using VaeCluster.Distributed.Membership;

// The wire types in Distributed carry the serialiser's attributes; their code is generated here, because only this project runs the
// generator.
[assembly: GenerateCodeForDeclaringAssembly(typeof(SiloBeat))]
