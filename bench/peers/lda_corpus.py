"""What the Python peers of bench/lda-peers share: reading a split's training documents, and handing over what was found."""
import sys, time


class Fit:
    """The arguments SPLIT VOCABULARY TOPICS PASSES SEED OUTPUT, the documents as (term, count) pairs, and a clock of the fit alone."""

    def __init__(self):
        split, vocabulary, topics, passes, seed, self.output = sys.argv[1:]
        self.topics, self.passes, self.seed = int(topics), int(passes), int(seed)
        self.terms = sum(1 for _ in open(vocabulary))
        self.documents = [[tuple(map(int, pair.split(":"))) for pair in line.split()[1:]] for line in open(f"{split}/train.dat")]
        self.began = time.process_time()

    def write(self, topic_term, version):
        """The topics as K rows of V raw doubles; the CPU seconds of the fit alone and the program's version on a line of their own."""
        seconds = time.process_time() - self.began
        topic_term.astype("<f8").tofile(self.output)
        print(f"fit_cpu={seconds:.4f} version={version}", flush=True)
