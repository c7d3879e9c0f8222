/**
 * The built-in research themes: what a reader can follow besides arXiv's own categories.
 *
 * Each query is in the product's query language and decides membership alone: a paper is in the
 * theme or not, ranking comes later. Words and phrases are Porter-stemmed, so one form stands for
 * its plural; but `agentic` is also `agent`, `transformer` is `transform`, `observability` is
 * `observed`, `news` is `new`. A bare word may also be an author's name (`Gui`). So such words
 * stand in phrases, and a word that other fields use stands beside a second one that tells them
 * apart. `cat:` only ever adds papers: those of sources that give no category are found by words.
 */

export type Theme = {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly group: string;
  readonly query: string;
};

/** In the order a form shows them: themes of one group stand together. */
// biome-ignore format: a theme is a short entry of a table, not seven lines of an object
export const themes: readonly Theme[] = [
  { slug: 'llm-reasoning', name: 'LLM reasoning', group: 'Language models',
    description: 'Chain of thought, reasoning models and test-time compute',
    query: '"reasoning model" OR "llm reasoning" OR "agentic reasoning" llm OR ' +
      '"test time scaling" OR "test time compute" OR "inference time scaling" OR ' +
      '"chain of thought" llm' },
  { slug: 'multimodal-llms', name: 'Multimodal language models', group: 'Language models',
    description: 'Models that read images, video and sound along with text',
    query: '"multimodal large language model" OR "vision language model" OR "multimodal llm" OR ' +
      'mllm OR lvlm OR vlm OR "large multimodal model" OR "omni modal"' },
  { slug: 'long-context', name: 'Long context', group: 'Language models',
    description: 'Models that read whole books, code bases and histories',
    query: '"long context" OR "context window" (extend OR million OR compression) OR ' +
      '"context length" extend OR "length extrapolation" OR "context compression"' },
  { slug: 'state-space-models', name: 'State-space models and linear attention',
    group: 'Language models', description: 'Mamba, linear attention and other heirs of recurrence',
    query: 'mamba OR "linear attention" OR "selective state space" OR deltanet OR rwkv OR ' +
      '"state space model" (ssm OR attention OR "recurrent models")' },
  { slug: 'mixture-of-experts', name: 'Mixture of experts', group: 'Language models',
    description: 'Sparse models that wake only some of their parameters per token',
    query: '"mixture of experts" OR moe (expert OR sparse) OR "expert routing" OR ' +
      '"sparse experts"' },
  { slug: 'pretraining-scaling', name: 'Pre-training and scaling laws', group: 'Language models',
    description: 'How data, size and compute make a base model better',
    query: '"scaling law" ("language model" OR llm OR "neural network") OR ("pretraining data" ' +
      'OR "pre training data" OR "continual pre training") ("language model" OR llm)' },
  { slug: 'fine-tuning', name: 'Fine-tuning and adapters', group: 'Language models',
    description: 'LoRA, instruction tuning and other ways to adapt a trained model',
    query: '"parameter efficient fine tuning" OR peft OR "low rank adaptation" OR lora (adapter ' +
      'OR rank) OR "instruction tuning" data (llm OR "language model") OR "model merging"' },
  { slug: 'knowledge-distillation', name: 'Knowledge distillation', group: 'Language models',
    description: 'Small students of large teachers',
    query: '"knowledge distillation" OR "self distillation" OR "on policy distillation" OR ' +
      '"model distillation" OR distillation (teacher student OR "smaller models")' },
  { slug: 'diffusion-language-models', name: 'Diffusion language models', group: 'Language models',
    description: 'Text written by denoising instead of word by word',
    query: '"diffusion language model" OR "diffusion large language model" OR dllm OR ' +
      '"masked diffusion" (language OR text OR token) OR "discrete diffusion" (language OR text)' },
  { slug: 'multilingual-nlp', name: 'Multilingual language technology', group: 'Language models',
    description: 'Translation and models for the languages most systems forget',
    query: '"machine translation" OR "low resource languages" OR "cross lingual" OR ' +
      'multilingual (translation OR benchmark OR "across languages" OR "many languages")' },
  { slug: 'multi-agent-systems', name: 'Multi-agent LLM systems', group: 'Agents',
    description: 'Teams of language-model agents that plan, debate and divide work',
    query: '"multi agent" (llm OR "language model") OR "agent orchestration" OR ' +
      '"agent teams" llm' },
  { slug: 'tool-use', name: 'Tool use', group: 'Agents',
    description: 'Function calling, the Model Context Protocol and tool-integrated reasoning',
    query: '("tool use" OR "function calling" OR "tool calling" OR "tool integrated" OR ' +
      '"tool augmented") (agent OR llm) OR "model context protocol" OR mcp agent' },
  { slug: 'computer-use-agents', name: 'Computer-use agents', group: 'Agents',
    description: 'Agents that see a screen and work the mouse and keyboard',
    query: '"computer use" agent OR "gui agent" OR "gui grounding" OR "graphical user interface" ' +
      'agent OR osworld OR androidworld OR "mobile agent" (llm OR screen)' },
  { slug: 'web-agents', name: 'Web agents', group: 'Agents',
    description: 'Agents that browse, click and buy on real sites',
    query: '("web agent" OR "browser agent" OR "web navigation" OR "web browsing" OR ' +
      '"web tasks" OR webarena OR webvoyager OR mind2web OR browsergym OR "browser use") agent' },
  { slug: 'deep-research-agents', name: 'Deep research agents', group: 'Agents',
    description: 'Agents that search for long and come back with a report',
    query: '"deep research" OR "agentic search" OR browsecomp OR ("deep search" OR ' +
      '"search agent" OR "information seeking" agent) (llm OR web OR "language model")' },
  { slug: 'ai-scientist', name: 'AI scientist', group: 'Agents',
    description: 'Machines that read papers, form hypotheses and run experiments',
    query: '"ai scientist" OR "co scientist" OR "scientific discovery" agent OR "ai research" ' +
      'agent OR ("hypothesis generation" OR "research ideas" OR "scientific research" OR ' +
      '"scientific papers" OR scholarly OR reviewers "peer review") llm' },
  { slug: 'self-evolving-agents', name: 'Self-evolving agents', group: 'Agents',
    description: 'Agents that rewrite their prompts, tools, memory or weights by themselves',
    query: '"self evolving" OR "self evolution" llm OR "self improving" agent OR "co evolving" ' +
      'agent OR "prompt optimization" agent OR evolving "llm agents" OR alphaevolve' },
  { slug: 'agent-memory', name: 'Agent memory', group: 'Agents',
    description: 'What agents keep from one conversation or task to the next',
    query: '"agent memory" OR ("memory system" OR "long term memory" OR "episodic memory" OR ' +
      '"persistent memory" OR "memory augmented") (llm OR "language model") agent' },
  { slug: 'data-agents', name: 'Data agents', group: 'Agents',
    description: 'Agents that query databases, analyse tables and build models',
    query: '"text to sql" OR "data agent" OR ("data science" OR "data analysis") agent llm OR ' +
      '("machine learning engineering" OR kaggle) agent OR "table question answering"' },
  { slug: 'agent-operations', name: 'Agent operations', group: 'Agents',
    description: 'Frameworks, debugging, governance and markets for agents',
    query: '("ai agents" OR "llm agents" OR "agentic ai") (telemetry OR marketplace OR ' +
      'governance OR debugging OR "root cause" OR "in production" OR middleware) OR ' +
      '"failure attribution" agent OR "agentic applications"' },
  { slug: 'domain-agents', name: 'Agents in the professions', group: 'Agents',
    description: 'Agents for medicine, law, finance, commerce and other trades',
    query: 'agent (llm OR "language model") (clinical OR healthcare OR legal OR financial OR ' +
      'business OR commerce OR customer OR enterprise OR marketing OR regulatory)' },
  { slug: 'human-ai-collaboration', name: 'Human–AI collaboration', group: 'Agents',
    description: 'People and models deciding, writing and designing together',
    query: '"human ai collaboration" OR "human ai team" OR "human agent collaboration" OR ' +
      '"human agent systems" OR "human ai interaction" (users OR people) OR "human ai" trust' },
  { slug: 'diffusion-models', name: 'Diffusion and flow models', group: 'Vision and images',
    description: 'Generative models that turn noise into data, and their theory',
    query: '"diffusion model" (sampling OR denoising OR guidance) OR "flow matching" generative ' +
      'OR "rectified flow" OR "classifier free guidance" OR "diffusion transformer"' },
  { slug: 'image-generation', name: 'Image generation and editing', group: 'Vision and images',
    description: 'Pictures made from words, and pictures changed by words',
    query: '"text to image" OR "image generation" OR "image editing" OR "image synthesis" OR ' +
      '"image inpainting" OR "style transfer" image' },
  { slug: 'detection-and-segmentation', name: 'Detection and segmentation',
    group: 'Vision and images', description: 'Finding, outlining and tracking things in pictures',
    query: '"object detection" OR "semantic segmentation" OR "instance segmentation" OR ' +
      '"segment anything" OR "object tracking" OR "reasoning segmentation"' },
  { slug: 'video-generation', name: 'Video generation', group: 'Video, 3D and graphics',
    description: 'Video made from text, pictures and camera paths',
    query: '"video generation" OR "video diffusion" OR "text to video" OR "image to video" OR ' +
      '"video synthesis" OR "video editing" OR "video generative"' },
  { slug: 'video-understanding', name: 'Video understanding', group: 'Video, 3D and graphics',
    description: 'Models that watch, remember and answer questions about video',
    query: '"video understanding" OR "video question answering" OR "video reasoning" OR ' +
      '"action recognition" OR "video captioning" OR "video retrieval" OR "long video"' },
  { slug: 'gaussian-splatting', name: '3D Gaussian splatting', group: 'Video, 3D and graphics',
    description: 'Scenes as millions of soft ellipsoids, rendered in real time',
    query: '"gaussian splatting" OR "gaussian splats" OR 3dgs OR "3d gaussian" OR "4d gaussian" ' +
      'OR "gaussian primitives" OR "gaussian surfels" OR "2d gaussians" OR splatting rendering' },
  { slug: '3d-vision', name: '3D reconstruction and generation', group: 'Video, 3D and graphics',
    description: 'Shapes and scenes recovered from pictures or made from words',
    query: '"3d reconstruction" OR "novel view synthesis" OR "neural radiance field" OR ' +
      '"3d generation" OR "3d asset" OR "structure from motion" OR "monocular depth"' },
  { slug: 'world-models', name: 'World models', group: 'Video, 3D and graphics',
    description: 'Learned simulators that predict what happens next',
    query: '"world model" OR "world simulator" OR "world simulation" OR "world modeling" OR ' +
      '"world action model"' },
  { slug: 'speech', name: 'Speech', group: 'Speech and audio',
    description: 'Recognising, synthesising and conversing in speech',
    query: '"speech recognition" OR "text to speech" OR "speech synthesis" OR ' +
      '"speech translation" OR "spoken dialogue" OR "speech enhancement" OR "voice conversion"' },
  { slug: 'music-and-audio', name: 'Music and sound', group: 'Speech and audio',
    description: 'Composing, separating and understanding music and everyday sound',
    query: 'music (audio OR composition OR generation) OR "audio generation" OR ' +
      '"text to audio" OR "audio language model" OR "audio understanding" OR "sound event"' },
  { slug: 'embodied-agents', name: 'Embodied agents', group: 'Robotics',
    description: 'Agents with a body, in homes, cities, games and simulators',
    query: '"embodied agent" OR "embodied ai" OR "embodied intelligence" OR ' +
      '"embodied navigation" OR "vision language navigation" OR "vision and language navigation"' },
  { slug: 'vision-language-action', name: 'Vision-language-action models', group: 'Robotics',
    description: 'Foundation models that turn sight and instructions into motion',
    query: '"vision language action" OR vla OR "robot foundation model" OR "generalist robot"' },
  { slug: 'robot-learning', name: 'Robot learning', group: 'Robotics',
    description: 'Hands, arms and legs that learn: manipulation and locomotion',
    query: '"robotic manipulation" OR dexterous OR humanoid robot OR quadruped OR ' +
      '"legged robot" OR "robot learning" OR ("imitation learning" OR "sim to real") robot' },
  { slug: 'autonomous-driving', name: 'Autonomous driving', group: 'Robotics',
    description: 'Perception, prediction and planning for cars that drive themselves',
    query: '"autonomous driving" OR "autonomous vehicle" OR "automated driving" OR ' +
      '"driving scene" OR "self driving" (car OR vehicle OR road) OR "end to end driving"' },
  { slug: 'neural-architecture', name: 'Neural architecture search and design',
    group: 'Machine learning', description: 'Which networks to build, found by search or thought',
    query: '"architecture search" OR "hyper connections" OR "looped transformers" OR ' +
      '("architecture design" OR "novel architecture") ("neural network" OR "language models")' },
  { slug: 'graph-neural-networks', name: 'Graph neural networks', group: 'Machine learning',
    description: 'Learning on molecules, meshes, social networks and other graphs',
    query: '"graph neural network" OR gnn OR "graph transformer" OR "graph learning" OR ' +
      '"graph representation learning" OR "graph convolutional" OR "graph foundation model"' },
  { slug: 'time-series', name: 'Time series', group: 'Machine learning',
    description: 'Forecasting, anomaly detection and foundation models for series',
    query: '"time series" forecasting OR "multivariate time series" OR ' +
      '"time series foundation model" OR "time series classification" OR "time series anomaly"' },
  { slug: 'federated-learning', name: 'Federated learning', group: 'Machine learning',
    description: 'Training together without sharing the data',
    query: '"federated learning" OR "federated fine tuning" OR "federated optimization" OR ' +
      '"decentralized learning" OR "split learning"' },
  { slug: 'causal-inference', name: 'Causal inference', group: 'Machine learning',
    description: 'What causes what: discovery, treatment effects and counterfactuals',
    query: '"causal inference" OR "causal discovery" OR "treatment effect" OR ' +
      '"structural causal model" OR "causal effect" (estimation OR identification) OR ' +
      '"causal graph"' },
  { slug: 'continual-learning', name: 'Continual learning', group: 'Machine learning',
    description: 'Learning new things without forgetting the old',
    query: '"continual learning" OR "catastrophic forgetting" OR "lifelong learning" OR ' +
      '"class incremental" OR "knowledge editing" OR "model editing"' },
  { slug: 'rl-for-llms', name: 'Reinforcement learning for language models',
    group: 'Reinforcement learning', description: 'Verifiable rewards, GRPO and learning by trial',
    query: 'grpo OR rlvr OR "verifiable rewards" OR "agentic rl" llm OR "reinforcement learning" ' +
      '("llm reasoning" OR "reasoning model" OR "llm training" OR "llm agents")' },
  { slug: 'reinforcement-learning', name: 'Reinforcement learning', group: 'Reinforcement learning',
    description: 'Agents that learn from reward: exploration, offline data, many players',
    query: '"deep reinforcement learning" OR "actor critic" OR "q learning" OR "offline rl" OR ' +
      '(offline OR "model based" OR "multi agent") "reinforcement learning" policy' },
  { slug: 'retrieval-augmented-generation', name: 'Retrieval-augmented generation',
    group: 'Data and retrieval', description: 'Models that look things up before they answer',
    query: '"retrieval augmented" OR rag OR graphrag OR "agentic retrieval"' },
  { slug: 'recommender-systems', name: 'Recommender systems', group: 'Data and retrieval',
    description: 'What to watch, read or buy next',
    query: '("recommender system" OR "recommendation system") (user OR item) OR ' +
      '"sequential recommendation" OR "generative recommendation" OR "collaborative filtering"' },
  { slug: 'information-retrieval', name: 'Search and embeddings', group: 'Data and retrieval',
    description: 'Dense retrieval, reranking, embedding models and vector search',
    query: '"information retrieval" (ranking OR "search engine" OR retriever) OR ' +
      '"dense retrieval" OR reranking OR "embedding models" retrieval OR "vector database"' },
  { slug: 'ai-safety', name: 'AI safety', group: 'Safety and society',
    description: 'Dangerous capabilities, risky behaviour and how to test for them',
    query: '"ai safety" OR "safety evaluation" OR "red teaming" OR "safety alignment" OR ' +
      '"llm safety" OR "agent safety" OR ("llm agents" OR "ai agents" OR ' +
      '"agentic ai") risks security OR guardrails llm' },
  { slug: 'alignment', name: 'Alignment and preferences', group: 'Safety and society',
    description: 'Models that want what we want: feedback, rewards and oversight',
    query: 'rlhf OR "preference optimization" OR "reward model" (preference OR llm) OR ' +
      '"human feedback" OR "value alignment" OR "ai alignment" OR "reward hacking" OR sycophancy' },
  { slug: 'mechanistic-interpretability', name: 'Mechanistic interpretability',
    group: 'Safety and society', description: 'Circuits, features and life inside a network',
    query: '"mechanistic interpretability" OR "sparse autoencoder" OR "activation steering" OR ' +
      '"activation patching" OR ("steering vector" OR "linear probes") "language model"' },
  { slug: 'ai-and-society', name: 'AI and society', group: 'Safety and society',
    description: 'Bias, law, work, schools and who decides',
    query: '"ai governance" OR "ai regulation" OR "eu ai act" OR "responsible ai" OR "ai ethics" ' +
      'OR "algorithmic fairness" OR ("social bias" OR "gender bias") llm OR "ai literacy"' },
  { slug: 'adversarial-attacks', name: 'Attacks and jailbreaks', group: 'Security',
    description: 'Adversarial examples, jailbreaks, prompt injection and backdoors',
    query: 'jailbreak OR "prompt injection" OR "adversarial attack" OR "adversarial examples" OR ' +
      '"adversarial robustness" OR "backdoor attack" OR "data poisoning"' },
  { slug: 'privacy', name: 'Privacy and unlearning', group: 'Security',
    description: 'Keeping data secret, and making models forget it',
    query: '"differential privacy" OR "differentially private" OR unlearning (forget OR erase OR ' +
      'removal) OR "membership inference" OR "privacy leakage" OR "homomorphic encryption"' },
  { slug: 'efficient-inference', name: 'Efficient inference and quantization',
    group: 'Systems and hardware', description: 'Quantization, caching, speculation, pruning',
    query: '"kv cache" OR "speculative decoding" OR "llm inference" OR "llm serving" OR ' +
      'quantization ("post training" OR llm OR "language model") OR "model compression"' },
  { slug: 'hardware', name: 'Chips and large-scale systems', group: 'Systems and hardware',
    description: 'Accelerators, GPU kernels, training clusters and chip design',
    query: 'fpga OR "hardware accelerator" OR "compute in memory" OR "gpu kernels" OR verilog OR ' +
      '"chip design" OR "distributed training" OR "gpu cluster" OR "neuromorphic hardware"' },
  { slug: 'code-generation', name: 'Code generation', group: 'Software engineering',
    description: 'Models that write, complete and translate programs',
    query: '"code generation" (programming OR software OR correctness OR repository) OR ' +
      '"program synthesis" OR "code llm" OR "vibe coding" OR "competitive programming"' },
  { slug: 'software-engineering-agents', name: 'Software engineering agents',
    group: 'Software engineering', description: 'Agents that fix issues, review and test code',
    query: '"coding agent" OR "swe bench" OR "software engineering" agent OR "program repair" OR ' +
      '"issue resolution" OR ("code review" OR "test generation") (llm OR agent)' },
  { slug: 'theorem-proving', name: 'Theorem proving and AI for mathematics', group: 'Mathematics',
    description: 'Machines that find, formalise and check proofs',
    query: '"theorem proving" (llm OR automated OR formal) OR "theorem prover" OR ' +
      'autoformalization OR lean4 OR "formal proof" OR "mathematical olympiad" OR "lean 4" proof' },
  { slug: 'number-theory', name: 'Number theory', group: 'Mathematics',
    description: 'Primes, Diophantine equations, modular forms and L-functions',
    query: 'cat:math.NT OR "number theory" OR "prime numbers" OR "modular forms" OR ' +
      'diophantine OR "riemann zeta" OR "elliptic curves" OR "riemann hypothesis"' },
  { slug: 'combinatorics', name: 'Combinatorics and graph theory', group: 'Mathematics',
    description: 'Counting, colouring, extremal graphs and random structures',
    query: 'cat:math.CO OR "extremal graph" OR "ramsey theory" OR "chromatic number" OR ' +
      '"random graphs" threshold OR "enumerative combinatorics" OR matroid' },
  { slug: 'pdes', name: 'Differential equations and neural operators', group: 'Mathematics',
    description: 'Partial differential equations: theory, numerics and learned solvers',
    query: 'cat:math.AP OR "partial differential equations" OR "neural operator" OR ' +
      '"physics informed neural" OR "navier stokes" OR "finite element" (convergence OR solver)' },
  { slug: 'optimization', name: 'Mathematical optimization', group: 'Mathematics',
    description: 'Convex, integer, stochastic and combinatorial optimization',
    query: 'cat:math.OC OR "convex optimization" OR "integer programming" OR ' +
      '"combinatorial optimization" OR "linear programming" OR "bilevel optimization"' },
  { slug: 'quantum-computing', name: 'Quantum computing', group: 'Physics and astronomy',
    description: 'Algorithms, circuits and machines made of qubits',
    query: '"quantum computing" OR "quantum circuit" OR "quantum algorithm" OR ' +
      '"quantum processor" OR qubit (gate OR fidelity) OR "quantum machine learning"' },
  { slug: 'quantum-error-correction', name: 'Quantum error correction',
    group: 'Physics and astronomy', description: 'Codes and decoders that keep qubits alive',
    query: '"quantum error correction" OR "surface code" OR "stabilizer code" OR "toric code" OR ' +
      '"fault tolerant quantum" OR "logical qubit" OR "error mitigation" quantum' },
  { slug: 'gravitational-waves', name: 'Gravitational waves', group: 'Physics and astronomy',
    description: 'Ripples of spacetime, and the mergers that make them',
    query: '"gravitational wave" OR ligo OR "binary black hole" OR "compact binary" OR ' +
      '"pulsar timing" OR "neutron star merger"' },
  { slug: 'exoplanets', name: 'Exoplanets', group: 'Physics and astronomy',
    description: 'Worlds around other stars, and the search for life',
    query: 'cat:astro-ph.EP OR exoplanet OR extrasolar OR "protoplanetary disk" OR ' +
      '"habitable zone" OR biosignature OR "planet formation"' },
  { slug: 'cosmology', name: 'Cosmology', group: 'Physics and astronomy',
    description: 'Dark energy, inflation and the history of the universe',
    query: 'cat:astro-ph.CO OR cosmology OR cosmological OR "dark energy" OR ' +
      '"cosmic microwave background" OR "early universe" OR inflaton' },
  { slug: 'particle-physics', name: 'Particle physics', group: 'Physics and astronomy',
    description: 'Colliders, neutrinos, dark matter and the Standard Model',
    query: 'cat:hep-ex OR lhc OR higgs OR "dark matter" OR neutrino OR axion OR ' +
      '"beyond the standard model" OR "standard model" physics' },
  { slug: 'topological-matter', name: 'Topological matter', group: 'Physics and astronomy',
    description: 'Topological insulators, Weyl semimetals and anyons',
    query: '"topological insulator" OR "topological phase" OR "topological superconductivity" OR ' +
      '"topological order" OR "weyl semimetal" OR majorana modes OR "quantum hall"' },
  { slug: 'superconductivity', name: 'Superconductivity', group: 'Physics and astronomy',
    description: 'Currents without resistance, from cuprates to nickelates',
    query: 'cat:cond-mat.supr-con OR superconductor OR "superconducting gap" OR ' +
      '"superconducting transition" OR "unconventional superconductivity"' },
  { slug: 'materials-discovery', name: 'Materials discovery', group: 'Natural science',
    description: 'Crystals, catalysts and batteries found by computation',
    query: '"materials discovery" OR "materials design" OR "crystal structure prediction" OR ' +
      '"interatomic potential" OR "inverse design" materials OR "materials informatics"' },
  { slug: 'climate-and-weather', name: 'Climate and weather', group: 'Natural science',
    description: 'Forecasts, climate models and a warming planet',
    query: 'cat:physics.ao-ph OR "weather forecasting" OR "weather prediction" OR ' +
      '"climate model" OR "climate change" OR precipitation forecasting OR "earth system"' },
  { slug: 'protein-design', name: 'Proteins and drug design', group: 'Biology and medicine',
    description: 'Folding, designing and binding the molecules of life',
    query: 'cat:q-bio.BM OR "protein design" OR "protein structure" OR "protein language model" ' +
      'OR "drug discovery" OR "drug design" OR "molecule generation" OR antibody' },
  { slug: 'genomics', name: 'Genomics and single cells', group: 'Biology and medicine',
    description: 'DNA models, gene expression and cell atlases',
    query: 'cat:q-bio.GN OR "single cell" (rna OR gene) OR "gene expression" OR transcriptomics ' +
      'OR "dna sequence" OR genome (dna OR sequencing OR variants) -"visual genome"' },
  { slug: 'neuroscience', name: 'Neuroscience', group: 'Biology and medicine',
    description: 'Brains, recordings, decoding and theories of cognition',
    query: 'cat:q-bio.NC OR neuroscience (brain OR neurons OR cortex) OR eeg OR fmri OR ' +
      '"brain computer interface" OR "brain activity" OR "visual cortex" OR "neural decoding"' },
  { slug: 'epidemiology', name: 'Epidemiology and public health', group: 'Biology and medicine',
    description: 'How diseases spread, and how to slow them',
    query: 'epidemic OR epidemiological OR epidemiology OR "infectious disease" OR pandemic OR ' +
      '"public health" (surveillance OR policy) OR cat:q-bio.PE (disease OR infection)' },
  { slug: 'medical-imaging', name: 'Medical imaging', group: 'Biology and medicine',
    description: 'Radiology, pathology and surgery seen by machines',
    query: '"medical imaging" OR radiology OR mri OR "computed tomography" OR ultrasound OR ' +
      'histopathology OR "chest x ray" OR "whole slide" OR endoscopy OR "digital pathology"' },
  { slug: 'clinical-ai', name: 'Clinical AI', group: 'Biology and medicine',
    description: 'Language models at the bedside: records, diagnosis, mental health',
    query: '"electronic health record" OR "clinical decision" OR "clinical notes" OR ' +
      '"clinical reasoning" OR "medical reasoning" OR "mental health" OR healthcare llm' },
  { slug: 'econometrics', name: 'Econometrics and economics', group: 'Economics and finance',
    description: 'Measuring markets, policy and behaviour',
    query: 'cat:econ OR econometric OR macroeconomic OR "panel data" OR ' +
      '"difference in differences" OR "economic growth" OR "labor market" OR auction bidders' },
  { slug: 'market-microstructure', name: 'Markets and trading', group: 'Economics and finance',
    description: 'Order books, portfolios, risk and trading agents',
    query: 'cat:q-fin OR "market microstructure" OR "order book" OR "stock market" OR ' +
      '"algorithmic trading" OR "portfolio optimization" OR "financial markets"' },
];
